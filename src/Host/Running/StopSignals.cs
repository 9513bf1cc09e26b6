using System.Runtime.InteropServices;
using Involute.Host.Errors;

namespace Involute.Host.Running;

/// <summary>Turns the first Ctrl-C or SIGTERM into a request to stop; a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<int> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens from now on.</summary>
    /// <param name="ignoreInterrupt">
    /// Whether another process handles Ctrl-C: a terminal sends it to all processes of a command, also to those that
    /// the command has started and will end itself.
    /// </param>
    public StopSignals(bool ignoreInterrupt = false) => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            if (ignoreInterrupt)
            {
                context.Cancel = true;
            }
            else
            {
                Handle(context, ExitCode.Interrupted);
            }
        }),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCode.Terminated)),
    ];

    /// <summary>Completes with the exit code that the first signal asks for.</summary>
    public Task<int> First => _first.Task;

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    // The second signal is not cancelled, so the system ends the process. Nothing is lost: a run survives any end, and
    // only repeats the steps since its last checkpoint.
    private void Handle(PosixSignalContext context, int exitCode) => context.Cancel = _first.TrySetResult(exitCode);
}
