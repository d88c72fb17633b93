import { type HomeDescription, wall_w_k } from "./bench-home.ts";

/** A flat of three rooms: an office at home, and a bathroom that is warm at other hours than most. */
export const threeRooms: HomeDescription = {
  name: "three rooms",
  rooms: {
    "Séjour et cuisine": {
      ...{ floor_m2: 28, wall_m2: 30, window_m2: 5, azimuth_deg: 90, rated_w: 2000, gains_w: 160 },
      usual_c: 16,
      spans: [
        { from_h: 6, to_h: 8.5, setpoint_c: 20 },
        { from_h: 17, to_h: 23, setpoint_c: 20 },
      ],
      busy: [
        [6, 8],
        [18, 22],
      ],
    },
    Bureau: {
      ...{ floor_m2: 12, wall_m2: 22, window_m2: 2.5, azimuth_deg: -90, rated_w: 1500, gains_w: 60 },
      usual_c: 16,
      spans: [{ from_h: 8.5, to_h: 18, setpoint_c: 19.5 }],
      busy: [[9, 17]],
    },
    "Salle de bain": {
      ...{ floor_m2: 5, wall_m2: 8, window_m2: 0.4, azimuth_deg: 180, rated_w: 750, gains_w: 15 },
      usual_c: 17,
      spans: [
        { from_h: 5.5, to_h: 7.5, setpoint_c: 22 },
        { from_h: 21, to_h: 23.5, setpoint_c: 22 },
      ],
      busy: [
        [5.5, 7.5],
        [21, 23],
      ],
    },
  },
  links: [
    { between: [0, 1], H_w_k: wall_w_k(10) },
    { between: [0, 2], H_w_k: wall_w_k(6) },
    { between: [1, 2], H_w_k: wall_w_k(5, 0) },
  ],
};
