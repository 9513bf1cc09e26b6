namespace Involute.Hosting.Configuration;

/// <summary>Size and scales of a learned optimizer's network.</summary>
/// <param name="HiddenSize">Units of each hidden layer, 1 to 1024.</param>
/// <param name="HiddenLayers">Hidden layers, 0 to 8.</param>
/// <param name="StepMultiplier">Size of a step whose outputs are (1, 0), in (0, 1000].</param>
/// <param name="ExponentMultiplier">How strongly the second output scales the step, in [0, 1000].</param>
public sealed record NetworkSettings(
    int HiddenSize, int HiddenLayers, double StepMultiplier, double ExponentMultiplier)
{
    internal IEnumerable<Setting> Options =>
    [
        new("hidden-size", HoconText.Of(HiddenSize)),
        new("hidden-layers", HoconText.Of(HiddenLayers)),
        new("step-multiplier", HoconText.Of(StepMultiplier)),
        new("exponent-multiplier", HoconText.Of(ExponentMultiplier)),
    ];

    internal static NetworkSettings Read(BlockReader block) => new(
        block.Integer("hidden-size", 1, 1024),
        block.Integer("hidden-layers", 0, 8),
        block.Number("step-multiplier", new NumberRange(0, 1000, AboveLeast: true)),
        block.Number("exponent-multiplier", new NumberRange(0, 1000)));
}

/// <summary>A perceptron for each inner parameter.</summary>
/// <param name="Network">Its network.</param>
public sealed record MlpSettings(NetworkSettings Network) : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Mlp;

    internal override IEnumerable<Setting> Options => Network.Options;
}

/// <summary>A tiny perceptron for each inner parameter, with Adafactor's features.</summary>
/// <param name="Network">Its network.</param>
public sealed record AdafacMlpSettings(NetworkSettings Network) : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.AdafacMlp;

    internal override IEnumerable<Setting> Options => Network.Options;
}
