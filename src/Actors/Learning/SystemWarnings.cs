using Akka.Event;
using Involute.Runs;

namespace Involute.Actors.Learning;

/// <summary>What the actor system warns of, as lines for the run's observer: without noise, and of strangers in few.</summary>
/// <param name="observer">Hears them.</param>
internal sealed class SystemWarnings(IRunObserver observer)
{
    private readonly StrangerLog _strangers = new(TimeProvider.System);

    /// <summary>Something was logged.</summary>
    public void Log(LogEvent logged)
    {
        if (_strangers.TryTake(logged, out var line))
        {
            TellOfStrangers(line);
        }
        else if (!ClusterLogFilter.IsNoise(logged))
        {
            observer.Warned(LogLine.Of(logged));
        }
    }

    /// <summary>Tells what is due of strangers.</summary>
    /// <param name="line">One more line; null for none.</param>
    public void TellOfStrangers(string? line = null)
    {
        foreach (var it in _strangers.Due().Concat(line is null ? [] : [line]))
        {
            observer.Warned(it);
        }
    }
}
