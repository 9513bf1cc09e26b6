namespace Involute.Host.Reporting;

/// <summary>
/// Which outer steps have rows in the tables of a run, so that these grow with the logarithm of its length: all steps up to
/// 100,000; of those up to 200,000 every second, up to 400,000 every fourth, and so on. A function of the step alone, so that a
/// resumed run has the same rows.
/// </summary>
internal sealed class RowRule
{
    /// <summary>Steps up to which all have rows.</summary>
    public const long AllUpTo = 100_000;

    /// <summary>Steps of a stretch in <see cref="Stretches"/>; <see cref="AllUpTo"/> is a multiple.</summary>
    public const long Stretch = 500;

    private readonly Func<long, bool> _has;

    private RowRule(Func<long, bool> has) => _has = has;

    /// <summary>Whether a step that should have rows must have them.</summary>
    public bool IsCertain { get; private init; } = true;

    /// <summary>Steps that a clock has chosen: of none it can be told that its rows are missing.</summary>
    public static RowRule Clock { get; } = new(_ => true) { IsCertain = false };

    /// <summary>Single steps, equally far apart.</summary>
    public static RowRule Single { get; } = new(step => step % Stride(step) == 0);

    /// <summary>Whole stretches of consecutive steps: for what cannot be told from single ones.</summary>
    public static RowRule Stretches { get; } = new(step => (step - 1) / Stretch % Stride(step) == 0);

    /// <summary>Whether a step has rows.</summary>
    /// <param name="step">The step: 1 for the first.</param>
    public bool Has(long step) => _has(step);

    /// <summary>The last step up to this one that has rows; 0 if none has.</summary>
    public long LastUpTo(long step)
    {
        while (step > 0 && !Has(step))
        {
            step--;
        }

        return step;
    }

    /// <summary>How many of the steps up to this one have a row, by either rule that leaves out some.</summary>
    public static long Count(long steps)
    {
        var rows = Math.Min(steps, AllUpTo);
        for (long from = AllUpTo, stride = 2; from < steps; from *= 2, stride *= 2)
        {
            rows += (Math.Min(steps, 2 * from) - from) / stride;
        }

        return rows;
    }

    // Of how many steps one has a row.
    private static long Stride(long step)
    {
        var stride = 1L;
        while (step > AllUpTo * stride)
        {
            stride *= 2;
        }

        return stride;
    }
}
