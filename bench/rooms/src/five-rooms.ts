import { type HomeDescription, wall_w_k } from "./bench-home.ts";

/** Five rooms, as many French homes are: the guests' room is not heated at night, the bathroom is warm when it is used. */
export const fiveRooms: HomeDescription = {
  name: "five rooms",
  rooms: {
    "Salon (sud)": {
      ...{ floor_m2: 32, wall_m2: 60, window_m2: 7, azimuth_deg: 0, rated_w: 3000, gains_w: 130 },
      usual_c: 17,
      spans: [{ from_h: 6.5, to_h: 23, setpoint_c: 19.5 }],
      busy: [[17, 23]],
    },
    Cuisine: {
      ...{ floor_m2: 11, wall_m2: 24, window_m2: 1.6, azimuth_deg: 90, rated_w: 1000, gains_w: 80 },
      usual_c: 17,
      spans: [{ from_h: 6.5, to_h: 22, setpoint_c: 19 }],
      busy: [
        [6.5, 8],
        [11.5, 13],
        [18.5, 20.5],
      ],
    },
    "Chambre d'amis": {
      ...{ floor_m2: 13, wall_m2: 28, window_m2: 2, azimuth_deg: 180, rated_w: 1500, gains_w: 15 },
      usual_c: 14,
      spans: [{ from_h: 9, to_h: 21, setpoint_c: 18 }],
      busy: [[14, 18]],
    },
    "Chambre des parents": {
      ...{ floor_m2: 15, wall_m2: 30, window_m2: 2.4, azimuth_deg: -90, rated_w: 1500, gains_w: 50 },
      usual_c: 17,
      spans: [{ from_h: 7, to_h: 22, setpoint_c: 18 }],
      busy: [[0, 7]],
    },
    "Salle de bain": {
      ...{ floor_m2: 6, wall_m2: 13, window_m2: 0.6, azimuth_deg: 180, rated_w: 1000, gains_w: 20 },
      usual_c: 18,
      spans: [
        { from_h: 6.5, to_h: 9, setpoint_c: 21 },
        { from_h: 19, to_h: 22, setpoint_c: 21 },
      ],
      busy: [
        [6.5, 9],
        [19, 22],
      ],
    },
  },
  /** The living room is joined with all others, kitchen and bathroom with their neighbours. */
  links: [
    { between: [0, 1], H_w_k: wall_w_k(8, 40) }, // the kitchen's door stands open half of the time
    { between: [0, 2], H_w_k: wall_w_k(9) },
    { between: [0, 3], H_w_k: wall_w_k(10) },
    { between: [0, 4], H_w_k: wall_w_k(4) },
    { between: [2, 4], H_w_k: wall_w_k(6, 0) },
    { between: [2, 3], H_w_k: wall_w_k(8, 0) },
    { between: [1, 4], H_w_k: wall_w_k(5, 0) },
  ],
};
