using System.Numerics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// Learns two parameters of the Lorenz system, θ = (ln a, ln r), from its height: loss (z − z*)² after the step, where z*
/// is that of the true system from the same start. Chaotic: far ahead, every gradient is useless but a smoothed one.
/// </summary>
/// <remarks>
/// Li et al., "Noise-reuse in online evolution strategies", NeurIPS 2023: Euler steps of 0.005, a = 10, r = 28, b = 8/3.
/// State: (x, y, z) of ours, then of the true system. A spread above 0 draws each start from N(start, spread²).
/// </remarks>
public sealed class Lorenz<T>(double logA = 3.116, double logR = 3.7, double spread = 0) : IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T TimeStep = T.CreateChecked(0.005);
    private static readonly T TrueA = T.CreateChecked(10);
    private static readonly T TrueR = T.CreateChecked(28);
    private static readonly T B = T.CreateChecked(8) / T.CreateChecked(3);

    /// <inheritdoc/>
    public string Name => "lorenz";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_a", []), ("log_r", []));

    /// <inheritdoc/>
    public int StateLength => 6;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => (theta[0], theta[1]) = (T.CreateChecked(logA), T.CreateChecked(logR));

    /// <inheritdoc/>
    public void Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state)
    {
        var noise = trajectory.Key.Stream(RandomStream.ParameterInitialisation);
        ReadOnlySpan<double> start = [1.2, 1.3, 1.6];
        for (var i = 0; i < start.Length; i++)
        {
            state[i] = T.CreateChecked(spread > 0 ? start[i] + (spread * noise.Normal((uint)i)) : start[i]);
            state[start.Length + i] = state[i];
        }
    }

    /// <inheritdoc/>
    public T Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state)
    {
        Euler(PortableMath.Exp(theta[0]), PortableMath.Exp(theta[1]), state[..3]);
        Euler(TrueA, TrueR, state[3..]);
        var error = state[2] - state[5];
        return error * error;
    }

    private static void Euler(T a, T r, Span<T> s)
    {
        var (x, y, z) = (s[0], s[1], s[2]);
        s[0] += TimeStep * a * (y - x);
        s[1] += TimeStep * ((x * (r - z)) - y);
        s[2] += TimeStep * ((x * y) - (B * z));
    }
}
