namespace Involute.Processes.Children;

/// <summary>How many lines a log takes: so many in a time, and further ones are counted.</summary>
/// <param name="time">Measures.</param>
internal sealed class LinePace(TimeProvider time)
{
    /// <summary>Lines that pass in one <see cref="Period"/>.</summary>
    public const int Most = 100;

    /// <summary>A time; it begins with its first line.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private long _begun = time.GetTimestamp();
    private int _passed;

    /// <summary>Lines that did not pass and have not been told.</summary>
    public long Held { get; private set; }

    /// <summary>Whether a line passes now.</summary>
    /// <param name="heldBefore">Lines that did not, before it: to be told first.</param>
    public bool TryPass(out long heldBefore)
    {
        if (time.GetElapsedTime(_begun) >= Period)
        {
            _begun = time.GetTimestamp();
            _passed = 0;
        }

        heldBefore = 0;
        if (_passed >= Most)
        {
            Held++;
            return false;
        }

        _passed++;
        heldBefore = TakeHeld();
        return true;
    }

    /// <summary>How many did not pass; they count as told from here on.</summary>
    public long TakeHeld()
    {
        var held = Held;
        Held = 0;
        return held;
    }
}
