using Involute.Host.Commands;

// The main path: a command (Commands/) reads the configuration and opens a run with its plan (Involute.Runs:
// Configuration, Opening), starts its actors (Involute.Actors: Hosting/TrainingRun, Learning/LearnerActor), and shows
// what they do (Running/RunSession). What the actors compute is defined by Involute.Estimators.SequentialTrainer.
return await InvoluteCommand.RunAsync(args);
