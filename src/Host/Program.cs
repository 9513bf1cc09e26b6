using Involute.Host.Commands;

// The main path: a command (Commands/) reads the configuration (Configuration/), makes a plan of it (Running/PlanFactory),
// and runs the plan on actors (Running/TrainingSession, then Involute.Actors). What the actors compute is defined by
// Involute.Estimators.SequentialTrainer.
return await InvoluteCommand.RunAsync(args);
