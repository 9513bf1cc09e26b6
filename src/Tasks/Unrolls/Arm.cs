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
