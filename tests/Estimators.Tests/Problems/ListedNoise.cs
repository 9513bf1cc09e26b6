using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Perturbations from a list: entry w of the list is the (scalar) perturbation of window w.</summary>
internal sealed class ListedNoise(double sigma, params double[] windows) : INoise<double>
{
    public double Sigma => sigma;

    public void Fill(NoiseKey key, Span<double> epsilon) => epsilon.Fill(windows[key.Major]);
}
