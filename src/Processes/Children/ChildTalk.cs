using Involute.Tasks.Unrolls;

namespace Involute.Processes.Children;

/// <summary>What one child says: lines of its standard error and traces of its errors, bounded, each with the pair that was
/// computed.</summary>
/// <param name="voice">Who hears it.</param>
/// <param name="time">Measures the pace.</param>
internal sealed class ChildTalk(ChildVoice voice, TimeProvider time)
{
    private const int LongestLine = 500;

    private readonly Lock _gate = new();
    private readonly LinePace _pace = new(time);
    private int _pair = -1;

    /// <summary>A call begins.</summary>
    /// <param name="pair">The pair of its first lane.</param>
    public void Enter(int pair) => Volatile.Write(ref _pair, pair);

    /// <summary>It has ended.</summary>
    public void Leave() => Volatile.Write(ref _pair, -1);

    /// <summary>Says a line, unless there are too many.</summary>
    /// <param name="text">UTF-8, of any length.</param>
    public void Say(ReadOnlySpan<byte> text)
    {
        if (Passes())
        {
            Tell(OneLine.Of(text, LongestLine));
        }
    }

    /// <summary>Says some lines, unless there are too many.</summary>
    public void Say(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (Passes())
            {
                Tell(OneLine.Of(line, LongestLine));
            }
        }
    }

    /// <summary>No more is said: lines that did not pass are told.</summary>
    public void End()
    {
        long held;
        lock (_gate)
        {
            held = _pace.TakeHeld();
        }

        TellHeld(held);
    }

    private bool Passes()
    {
        bool passes;
        long held;
        lock (_gate)
        {
            passes = _pace.TryPass(out held);
        }

        TellHeld(held);
        return passes;
    }

    private void TellHeld(long held)
    {
        if (held > 0)
        {
            Tell(FormattableString.Invariant(
                $"and {held} more lines (at most {LinePace.Most} in {LinePace.Period.TotalSeconds:0} s are told)"));
        }
    }

    private void Tell(string line)
    {
        var pair = Volatile.Read(ref _pair);
        voice.Say(new ProblemLine(pair < 0 ? null : pair, line));
    }
}
