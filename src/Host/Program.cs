using System.CommandLine;
using Involute.Host.Commands;
using Involute.Host.Errors;
using Involute.Host.Output;
using Involute.Host.Running;

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
        EarlyLoad.Begin(args);
        var streams = StandardStreams.Install();
        return streams.Conclude(await CommandErrors.GuardAsync(() => RunAsync(args, streams)));
    }

    /// <summary>The same with any console.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="streams">The streams to which the console writes; null if it writes elsewhere.</param>
    internal static Task<int> RunAsync(string[] args, StandardStreams? streams)
    {
        var root = CommandLine.Create();

        // A value that begins with @ is that value, not the name of a file with more of the command line.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (CommandLine.Problem(root, parsed) is { } problem)
        {
            throw problem;
        }

        // Signals and exceptions are handled here: a signal ends a run with a checkpoint, an exception with one line.
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (IsWork(parsed.CommandResult.Command) && parsed.Action == parsed.CommandResult.Command.Action)
        {
            streams?.DoNotWait();
        }

        return parsed.InvokeAsync(invocation);
    }

    // What these do counts, not what they say of it.
    private static bool IsWork(Command command) => command.Name is "train" or "resume" or "learner" or "worker";
}
