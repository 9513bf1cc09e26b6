namespace Involute.Tasks.Unrolls;

/// <summary>One lane of a pair: theta + ε, theta − ε, or the unperturbed theta.</summary>
public enum Arm
{
    /// <summary>Runs under theta + ε.</summary>
    Positive = 0,

    /// <summary>Runs under theta − ε.</summary>
    Negative = 1,

    /// <summary>Runs under theta itself.</summary>
    Centre = 2,
}

/// <summary>Which arms an unroll keeps for each of its pairs.</summary>
public enum ArmSet
{
    /// <summary>Only the unperturbed lane: evaluation.</summary>
    CentreOnly,

    /// <summary>Positive and negative: PES, FullES, NRES.</summary>
    Antithetic,

    /// <summary>Both, and the unperturbed lane that they are forked from: truncated ES.</summary>
    AntitheticAndCentre,
}

/// <summary>Numbering of arms within a set.</summary>
public static class ArmSets
{
    /// <summary>Number of lanes that a pair has.</summary>
    public static int Count(this ArmSet arms) => arms switch
    {
        ArmSet.CentreOnly => 1,
        ArmSet.Antithetic => 2,
        ArmSet.AntitheticAndCentre => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(arms), arms, "unknown set of arms"),
    };

    /// <summary>Index of an arm among the lanes of its pair.</summary>
    /// <exception cref="ArgumentException">The set has no such arm.</exception>
    public static int IndexOf(this ArmSet arms, Arm arm)
    {
        var index = arms == ArmSet.CentreOnly ? (int)arm - (int)Arm.Centre : (int)arm;
        return index >= 0 && index < arms.Count()
            ? index
            : throw new ArgumentException($"a pair with arms {arms} has no {arm} arm");
    }
}

/// <summary>
/// The theta that each arm of each pair of an unroll runs under: [pair, arm, theta element], flat. In a call with
/// several segments of a pair more rows than pairs: <see cref="WindowSegment.Thetas"/> tells which.
/// </summary>
public readonly ref struct ArmThetas<T>
{
    private readonly ReadOnlySpan<T> _values;
    private readonly int _arms;
    private readonly int _length;

    /// <summary>Views a buffer of pairs × arms × <paramref name="thetaLength"/> values.</summary>
    public ArmThetas(ReadOnlySpan<T> values, int arms, int thetaLength)
    {
        if (values.Length % (arms * thetaLength) != 0)
        {
            throw new ArgumentException(
                $"{values.Length} values are no whole number of pairs with {arms} arms of {thetaLength}");
        }

        _values = values;
        _arms = arms;
        _length = thetaLength;
    }

    /// <summary>Theta of one arm (by its index in the set) of one pair.</summary>
    public ReadOnlySpan<T> this[int pair, int arm] => _values.Slice(((pair * _arms) + arm) * _length, _length);
}
