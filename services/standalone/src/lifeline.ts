/** Loaded into each service before its own code: ends it when the process that started it is gone. */
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
