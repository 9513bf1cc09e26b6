namespace Involute.Hosting.Configuration;

/// <summary>Loss cₜ · θ at step t, without a state: theta is as large as one likes, and a step costs next to nothing.</summary>
/// <param name="Dimension">Length of theta.</param>
/// <param name="Gradients">Whether the cₜ are all the same or the basis vectors in turn.</param>
public sealed record MemorylessLinearSettings(int Dimension, LinearGradients Gradients) : TaskSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.MemorylessLinear;

    /// <inheritdoc/>
    public override bool HasOwnTheta => true;

    internal override IEnumerable<Setting> Options =>
    [
        new("dimension", HoconText.Of(Dimension)),
        new("gradients", SettingWords.LinearGradients.NameOf(Gradients)),
    ];

    internal static MemorylessLinearSettings ReadOptions(BlockReader block) =>
        new(ReadDimension(block), block.Choice("gradients", SettingWords.LinearGradients));
}

/// <summary>The vectors of a linear loss.</summary>
public enum LinearGradients
{
    /// <summary>All the same.</summary>
    Identical,

    /// <summary>The basis vectors in turn.</summary>
    Orthonormal,
}
