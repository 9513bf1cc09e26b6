namespace Involute.Actors.Tests.Exploration;

/// <summary>How much goes wrong in one simulation; probabilities per thousand. Any of them may be zero.</summary>
internal sealed class Weather(Chance chance)
{
    /// <summary>Turns until faults stop.</summary>
    public int Turns { get; } = chance.Of(200, 600, 1500, 3000);

    // Per message.
    public int Drop { get; } = chance.Of(0, 0, 10, 100, 300);

    public int Duplicate { get; } = chance.Of(0, 0, 20, 200);

    public int Reorder { get; } = chance.Of(0, 0, 50, 1000);

    public int Delay { get; } = chance.Of(0, 0, 20, 100);

    public int LongestDelay { get; } = chance.Of(20, 100, 500);

    // Per turn.
    public int Tick { get; } = chance.Of(2, 10, 50);

    public int CrashWorker { get; } = chance.Of(0, 1, 5, 20);

    public int StartWorker { get; } = chance.Of(5, 20, 50);

    /// <summary>A survivor hears of a crash.</summary>
    public int Notice { get; } = chance.Of(5, 50, 300);

    public int CrashLearner { get; } = chance.Of(0, 0, 2, 10);

    public int Stop { get; } = chance.Of(0, 0, 2, 5);

    public int StoreDown { get; } = chance.Of(0, 0, 2, 10);

    public int StoreUp { get; } = chance.Of(5, 50);

    /// <summary>The store does something.</summary>
    public int StoreWork { get; } = chance.Of(10, 100, 500);

    // Per window or checkpoint.
    public int PairsFail { get; } = chance.Of(0, 0, 5, 50);

    public int CheckpointFails { get; } = chance.Of(0, 0, 50, 300);

    /// <summary>At a learner's start: the newest checkpoint cannot be read.</summary>
    public int CheckpointDamaged { get; } = chance.Of(0, 0, 100, 500);
}
