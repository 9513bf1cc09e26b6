using Involute.Host.Errors;
using Involute.Runs.Opening;

namespace Involute.Host.Running;

/// <summary>Opens a run, unless a signal comes first: a store that is locked may let it wait for long.</summary>
internal static class RunOpening
{
    // What is waited for may hear of the end, and then tidies up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The run, also if it was opened just before or after a signal: who leads it hears of the signal too.</summary>
    /// <param name="signals">The signals of the command.</param>
    /// <param name="open">Opens it.</param>
    /// <exception cref="CommandException">A signal has come first; one line, and the code that it asks for.</exception>
    public static async Task<OpenRun> OpenAsync(StopSignals signals, Func<CancellationToken, Task<OpenRun>> open)
    {
        ArgumentNullException.ThrowIfNull(signals);
        using var stop = new CancellationTokenSource();
        var cancellation = stop.Token;

        // Elsewhere: stores are asked synchronously.
        var opening = Task.Run(() => open(cancellation), CancellationToken.None);
        await Task.WhenAny(opening, signals.First);
        if (opening.IsCompleted)
        {
            return await opening;
        }

        await stop.CancelAsync();
        await Task.WhenAny(opening, Task.Delay(Patience, TimeProvider.System, CancellationToken.None));
        if (opening.IsCompleted && !opening.IsCanceled)
        {
            return await opening;
        }

        throw new CommandException(
            await signals.First,
            $"stopped before the run was open{(opening.IsCompleted ? "" : ": its data or its store kept it waiting")}");
    }
}
