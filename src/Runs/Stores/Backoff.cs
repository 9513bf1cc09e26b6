namespace Involute.Runs.Stores;

/// <summary>Pauses between attempts to reach the store: each twice as long as the one before, up to a limit.</summary>
/// <param name="First">The first pause.</param>
/// <param name="Longest">No pause is longer.</param>
/// <param name="Attempts">After so many attempts in vain the store has failed for good.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Longest, int Attempts)
{
    /// <summary>Ten minutes of attempts that fail at once; where they last, the time decides before their number.</summary>
    public static Backoff Default { get; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 124);

    /// <summary>The pause before an attempt; null when there are to be no more.</summary>
    /// <param name="attempt">1 for the first repetition.</param>
    public TimeSpan? Before(int attempt)
    {
        if (attempt > Attempts)
        {
            return null;
        }

        var pause = First;
        for (var i = 1; i < attempt && pause < Longest; i++)
        {
            pause *= 2;
        }

        return pause < Longest ? pause : Longest;
    }
}
