using System.Diagnostics;

namespace Involute.Hosting.Configuration;

/// <summary>The learned optimizer, with its size or with the hyper-parameters that theta starts at.</summary>
public abstract record OptimizerSettings
{
    // Theta holds logarithms: a rate must be positive, and 1 − momentum too.
    private static readonly NumberRange Positive = new(0, 100, AboveLeast: true);

    private protected OptimizerSettings()
    {
    }

    /// <summary>A name of <see cref="KnownNames.Optimizers"/>.</summary>
    public abstract string Name { get; }

    internal abstract IEnumerable<Setting> Options { get; }

    internal static OptimizerSettings Read(BlockReader block)
    {
        var name = block.Name(KnownNames.Optimizers);
        OptimizerSettings settings = name switch
        {
            KnownNames.Sgd => new SgdSettings(block.Number("learning-rate", Positive)),
            KnownNames.Sgdm => new SgdmSettings(
                block.Number("learning-rate", Positive), block.Number("momentum", Ranges.Decay)),
            KnownNames.Adam => new AdamSettings(
                block.Number("learning-rate", Positive),
                block.Number("beta1", Ranges.Decay),
                block.Number("beta2", Ranges.Decay),
                block.Number("epsilon", new NumberRange(0, 1, AboveLeast: true))),
            KnownNames.Mlp => new MlpSettings(NetworkSettings.Read(block)),
            KnownNames.AdafacMlp => new AdafacMlpSettings(NetworkSettings.Read(block)),
            KnownNames.None => new NoOptimizerSettings(),
            _ => throw new UnreachableException($"the table of optimizers has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }
}

/// <summary>The task has its own theta: a plugin's problem.</summary>
public sealed record NoOptimizerSettings : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.None;

    internal override IEnumerable<Setting> Options => [];
}

/// <summary>Learnable gradient descent.</summary>
/// <param name="LearningRate">Initial learning rate, in (0, 100].</param>
public sealed record SgdSettings(double LearningRate) : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Sgd;

    internal override IEnumerable<Setting> Options => [new("learning-rate", HoconText.Of(LearningRate))];
}

/// <summary>Learnable gradient descent with momentum.</summary>
/// <param name="LearningRate">Initial learning rate, in (0, 100].</param>
/// <param name="Momentum">Initial momentum, in [0, 1).</param>
public sealed record SgdmSettings(double LearningRate, double Momentum) : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Sgdm;

    internal override IEnumerable<Setting> Options =>
        [new("learning-rate", HoconText.Of(LearningRate)), new("momentum", HoconText.Of(Momentum))];
}

/// <summary>Learnable Adam.</summary>
/// <param name="LearningRate">Initial learning rate, in (0, 100].</param>
/// <param name="Beta1">Initial decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Initial decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">Initial addend of the denominator, in (0, 1].</param>
public sealed record AdamSettings(double LearningRate, double Beta1, double Beta2, double Epsilon) : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Adam;

    internal override IEnumerable<Setting> Options =>
    [
        new("learning-rate", HoconText.Of(LearningRate)),
        new("beta1", HoconText.Of(Beta1)),
        new("beta2", HoconText.Of(Beta2)),
        new("epsilon", HoconText.Of(Epsilon)),
    ];
}
