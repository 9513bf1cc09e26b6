using System.CommandLine;
using Involute.Host.Errors;

namespace Involute.Host.Commands;

/// <summary>
/// The command <c>involute</c> and how its parts end: usage errors are 2, the rest is up to the command.
/// </summary>
internal static class InvoluteCommand
{
    /// <summary>Parses and runs a command line.</summary>
    public static async Task<int> RunAsync(string[] args)
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
            foreach (var error in parsed.Errors)
            {
                CommandErrors.Print(error.Message);
            }

            Console.Error.WriteLine(
                "involute: 'involute --help' lists commands, 'involute COMMAND --help' its options");
            return ExitCode.Usage;
        }

        // Signals and exceptions are ours: a signal ends a run with a checkpoint, an exception with one line.
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await CommandErrors.GuardAsync(() => parsed.InvokeAsync(invocation));
    }
}
