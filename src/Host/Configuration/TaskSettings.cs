using System.Diagnostics;

namespace Involute.Hosting.Configuration;

/// <summary>The inner task; which record it is follows from the name.</summary>
public abstract record TaskSettings
{
    private protected TaskSettings()
    {
    }

    /// <summary>A name of <see cref="KnownNames.Tasks"/>.</summary>
    public abstract string Name { get; }

    /// <summary>What names of runs and summaries call it.</summary>
    public virtual string Title => Name;

    /// <summary>Whether it is a whole problem with a theta of its own, which no learned optimizer trains.</summary>
    public virtual bool HasOwnTheta => false;

    internal abstract IEnumerable<Setting> Options { get; }

    internal static TaskSettings Read(BlockReader block)
    {
        TaskSettings settings = block.Name(KnownNames.Tasks) switch
        {
            KnownNames.FashionMnist8Relu32 => new FashionMnist8Relu32Settings(),
            KnownNames.ImageMlp => ImageMlpSettings.ReadOptions(block),
            KnownNames.Quadratic => new QuadraticSettings(ReadDimension(block)),
            KnownNames.FixedDimQuadratic => new FixedDimQuadraticSettings(ReadDimension(block)),
            KnownNames.MemorylessLinear => MemorylessLinearSettings.ReadOptions(block),
            KnownNames.Plugin => PluginSettings.ReadOptions(block),
            var name => throw new UnreachableException($"the table of tasks has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }

    private protected static int ReadDimension(BlockReader block) => block.Integer("dimension", 1, 1_000_000);
}

/// <summary>Fashion-MNIST at 8×8, one hidden layer of 32, batches of 128; the data comes with the program.</summary>
public sealed record FashionMnist8Relu32Settings : TaskSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.FashionMnist8Relu32;

    internal override IEnumerable<Setting> Options => [];
}

/// <summary>The sum of squares.</summary>
/// <param name="Dimension">Number of inner parameters.</param>
public sealed record QuadraticSettings(int Dimension) : TaskSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Quadratic;

    internal override IEnumerable<Setting> Options => [new("dimension", HoconText.Of(Dimension))];
}

/// <summary>Quadratics whose minimum is drawn for each trajectory.</summary>
/// <param name="Dimension">Number of inner parameters.</param>
public sealed record FixedDimQuadraticSettings(int Dimension) : TaskSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.FixedDimQuadratic;

    internal override IEnumerable<Setting> Options => [new("dimension", HoconText.Of(Dimension))];
}
