using System.Runtime.InteropServices;
using Involute.Host.Errors;

namespace Involute.Host.Running;

/// <summary>
/// Turns the first Ctrl-C, SIGTERM, SIGHUP or SIGUSR1 into a request to stop; a second one ends the process at once.
/// </summary>
/// <remarks>
/// SIGHUP comes when a terminal or a connection is closed, SIGUSR1 from batch systems ahead of a time limit. A signal that
/// was ignored when the process began stays ignored: that is what <c>nohup</c> does.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<int> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens from now on.</summary>
    /// <param name="ignoreTerminal">
    /// Whether another process handles Ctrl-C and the closing of the terminal: a terminal sends both to all processes of a
    /// command, also to those that the command has started and will end itself.
    /// </param>
    public StopSignals(bool ignoreTerminal = false)
    {
        void FromTerminal(PosixSignalContext context, int exitCode)
        {
            if (ignoreTerminal)
            {
                context.Cancel = true;
            }
            else
            {
                Handle(context, exitCode);
            }
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, it => FromTerminal(it, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, it => FromTerminal(it, ExitCode.HungUp)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, it => Handle(it, ExitCode.Terminated)),
            .. OperatingSystem.IsWindows()
                ? []
                : new[] { PosixSignalRegistration.Create(User1, it => Handle(it, ExitCode.UserSignal)) },
        ];
    }

    // The number differs between systems, and .NET has no name for it.
    private static PosixSignal User1 => (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);

    /// <summary>Completes with the exit code that the first signal asks for.</summary>
    public Task<int> First => _first.Task;

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    // The second signal is not cancelled, so the system ends the process. Nothing is lost: a run survives any end, and
    // only repeats the steps since its last checkpoint.
    private void Handle(PosixSignalContext context, int exitCode) => context.Cancel = _first.TrySetResult(exitCode);
}
