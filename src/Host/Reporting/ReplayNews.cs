using Involute.Runs.Verification;

namespace Involute.Host.Reporting;

/// <summary>Says on the error stream where a replay begins, and now and then how far it has come.</summary>
internal sealed class ReplayNews(TextWriter errors, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private long _lastSaid;

    /// <summary>Takes note of a step that is about to be recomputed.</summary>
    public void Tell(ReplayProgress progress)
    {
        if (progress.Step == progress.From + 1)
        {
            errors.WriteLine($"recomputing outer steps {progress.Step} to {progress.To}");
            _lastSaid = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_lastSaid) >= Silence)
        {
            errors.WriteLine($"recomputing outer step {progress.Step} of {progress.To}");
            _lastSaid = time.GetTimestamp();
        }
    }
}
