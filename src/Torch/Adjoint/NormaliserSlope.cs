using Involute.Tasks.Unrolls;

namespace Involute.Torch.Adjoint;

/// <summary>Derivative of the map from a raw loss to the scale of meta-losses.</summary>
internal static class NormaliserSlope
{
    // Of a number's size: a central difference in double is then right to some ten digits.
    private const double RelativeStep = 1e-5;

    /// <summary>
    /// Exactly 1 where the map is the identity and exactly 0 where it is constant, as below and above a ceiling;
    /// elsewhere a central difference.
    /// </summary>
    /// <param name="problem">Whose map.</param>
    /// <param name="loss">Where; finite.</param>
    public static double Of(IInnerProblem<float> problem, double loss)
    {
        var step = RelativeStep * Math.Max(1, Math.Abs(loss));
        var (below, above) = (loss - step, loss + step);
        var (from, to) = (problem.Normalize(below), problem.Normalize(above));
        return from == below && to == above ? 1 : (to - from) / (above - below);
    }
}
