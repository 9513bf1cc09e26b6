using System.CommandLine;
using Involute.Host.Commands;
using Involute.Host.Errors;
using Involute.Runs.Configuration;

namespace Involute.Host;

/// <summary>
/// The command <c>involute</c> and its exit codes: 2 for usage errors; the subcommands decide all others.
/// </summary>
/// <remarks>
/// The main path: a command (Commands/) reads the configuration and opens a run with its plan (Involute.Runs:
/// Configuration, Opening), starts its actors (Involute.Actors: Hosting/TrainingRun, Learning/LearnerActor), and shows
/// what they do (Running/RunSession). What the actors compute is defined by
/// <see cref="Estimators.SequentialTrainer{T}"/>.
/// </remarks>
internal static class Program
{
    /// <summary>Parses and runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Main(string[] args)
    {
        var root = new RootCommand(
            "Meta-trains theta (a learned optimizer, a schedule, a simulation's parameters) with evolution strategies.")
        {
            TrainCommand.Create(),
            ResumeCommand.Create(),
            LearnerCommand.Create(),
            WorkerCommand.Create(),
            CertsCommand.Create(),
            ShowCommand.Create(),
            EvalCommand.Create(),
            VerifyCommand.Create(),
            ConfigCommand.Create(),
            ListCommand.Create(),
            DescribeCommand.Create(),
            ReproduceCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // A word that is no command makes the parser say first that a command is missing.
            var unknown = parsed is { UnmatchedTokens: [var first, ..] } && parsed.RootCommandResult == parsed.CommandResult
                ? first
                : null;
            var problem = unknown is null
                ? parsed.Errors[0].Message.TrimEnd('.')
                : $"unknown command {Excerpt.Quote(unknown)}"
                    + Spelling.Suggest(unknown, root.Subcommands.Select(command => command.Name));
            CommandErrors.Print(
                $"{problem}; 'involute --help' lists commands, 'involute COMMAND --help' its options");
            return ExitCode.Usage;
        }

        // Signals and exceptions are handled here: a signal ends a run with a checkpoint, an exception with one line.
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await CommandErrors.GuardAsync(() => parsed.InvokeAsync(invocation));
    }
}
