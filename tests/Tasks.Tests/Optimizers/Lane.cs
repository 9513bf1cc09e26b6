using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Parameters and state of one lane, and gradients that do not depend on them.</summary>
internal sealed class Lane
{
    // Each tensor its own scale of gradients, as in real networks.
    private static readonly float[] Scales = [1, 0.1f, 0.01f, 1e-3f, 1e-4f];

    private readonly ILearnedOptimizer _optimizer;

    public Lane(ILearnedOptimizer optimizer, params int[][] shapes)
    {
        _optimizer = optimizer;
        Tensors = [.. ThetaLayout.LayOut([.. shapes.Select((shape, i) => ($"t{i}", shape))])];
        Length = Tensors[^1].Offset + Tensors[^1].Length;
        Parameters = new float[AlignedBuffer.Padded(Length)];
        Gradient = new float[Parameters.Length];
        State = new float[AlignedBuffer.Padded(optimizer.StateLength(Tensors))];
        State.AsSpan().Fill(float.NaN);
        optimizer.Initialise(Tensors, 1000, State);
    }

    public TensorSlice[] Tensors { get; }

    public int Length { get; }

    public float[] Parameters { get; init; }

    public float[] Gradient { get; }

    public float[] State { get; init; }

    /// <summary>
    /// Weights without symmetry: w_l[i, j] = 0.1 sin(1 + i + 2j + 3l), b_l[j] = 0.05 (j+1) (−1)^j; else 0.
    /// </summary>
    public static float[] SineTheta(ThetaLayout layout) => [.. SineThetaInDouble(layout).Select(value => (float)value)];

    public static double[] SineThetaInDouble(ThetaLayout layout)
    {
#pragma warning disable RS0030 // an expected value: the last bits do not matter
        var theta = new double[layout.Length];
        foreach (var slice in layout.Slices.Where(slice => slice.Name.Length == 2))
        {
            var layer = slice.Name[1] - '0';
            for (var n = 0; n < slice.Length; n++)
            {
                theta[slice.Offset + n] = slice.Name[0] == 'w'
                    ? 0.1 * Math.Sin(1 + (n / slice.Shape[1]) + (2 * (n % slice.Shape[1])) + (3 * layer))
                    : 0.05 * (n + 1) * (n % 2 == 0 ? 1 : -1);
            }
        }

        return theta;
#pragma warning restore RS0030
    }

    public void Start(params float[] parameters) => parameters.CopyTo(Parameters, 0);

    public void RandomStart() => Fill(Parameters, 0);

    public void RandomGradient(int step)
    {
        Fill(Gradient, 1 + step);
        foreach (var tensor in Tensors)
        {
            foreach (ref var value in Gradient.AsSpan(tensor.Offset, tensor.Length))
            {
                value *= Scales[tensor.Offset % Scales.Length];
            }
        }
    }

    public void Update(float[] theta, params float[] gradient)
    {
        gradient.CopyTo(Gradient, 0);
        _optimizer.Update(theta, Tensors, Parameters, State, Gradient);
    }

    private void Fill(float[] values, int step) => new CounterStream(7, (uint)step, 0, 0, RandomStream.InnerNoise)
        .FillNormal(values.AsSpan(0, Length));
}
