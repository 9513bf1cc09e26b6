namespace Involute.Runs.Configuration;

/// <summary>Makes a property of <see cref="RunConfiguration"/> a block of the configuration.</summary>
/// <param name="explanation">What the block is for, in sentences.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlockAttribute(string explanation) : Attribute
{
    /// <summary>What the block is for.</summary>
    public string Explanation => explanation;

    /// <summary>Whether the name that it chooses decides theta.</summary>
    public bool IsIdentity { get; init; } = true;

    /// <summary>
    /// Names of the same thing in google/learned_optimization, for the hint to someone who writes them.
    /// </summary>
    public string[] Theirs { get; init; } = [];

    /// <summary>
    /// Of a block that is younger than some runs: the name that these have always gone by; null if there are none. A
    /// block without a name has options that know it themselves.
    /// </summary>
    public string? WhenMissing { get; init; }
}
