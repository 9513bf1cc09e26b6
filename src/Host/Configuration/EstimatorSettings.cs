namespace Involute.Hosting.Configuration;

/// <summary>The gradient estimator.</summary>
/// <param name="Name">A name of <see cref="KnownNames.Estimators"/>.</param>
public sealed record EstimatorSettings(string Name)
{
    internal static EstimatorSettings Read(BlockReader block)
    {
        var settings = new EstimatorSettings(block.Name(KnownNames.Estimators));
        block.Finish();
        return settings;
    }
}
