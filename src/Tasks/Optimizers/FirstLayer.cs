using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>The first layer of an <see cref="OptimizerNetwork"/> in one update.</summary>
/// <remarks>
/// Features that are subnormal, such as momenta of weights whose gradient stays 0, would cost a processor of Intel's some
/// hundred cycles for each unit. They go through the layer lifted, <see cref="Subnormals.Lift"/> times as large, by weights as
/// many times smaller: products, and so sums, are the same numbers.
/// </remarks>
internal unsafe struct FirstLayer
{
    /// <summary>The smallest weight, but for 0, that may be as many times smaller: 2⁻⁶².</summary>
    private const float LeastWeight = 2.168404345e-19f;

    /// <summary>Of the features of an element, [features × units].</summary>
    public float* Weights { get; private init; }

    /// <summary>[units], with the time features added.</summary>
    public float* Biases { get; private init; }

    /// <summary>How many times as large the features go in: <see cref="Subnormals.Lift"/> or 1.</summary>
    public float Lift { get; private init; }

    /// <summary>The layer as theta has it.</summary>
    /// <param name="weights">The network's part of theta, which begins with the layer's weights.</param>
    /// <param name="biases">[units], with the time features added.</param>
    public static FirstLayer Plain(float* weights, float* biases) => new() { Weights = weights, Biases = biases, Lift = 1 };

    /// <summary>The layer for lifted features; the plain one if a weight is too small.</summary>
    /// <param name="weights">The network's part of theta, which begins with the layer's weights.</param>
    /// <param name="biases">[units], with the time features added.</param>
    /// <param name="lowered">Receives the weights, as long as the layer is used.</param>
    /// <param name="count">Number of weights.</param>
    public static FirstLayer Lifted(float* weights, float* biases, float* lowered, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (weights[i] != 0 && MathF.Abs(weights[i]) < LeastWeight)
            {
                return Plain(weights, biases);
            }

            lowered[i] = weights[i] / Subnormals.Lift;
        }

        return new FirstLayer { Weights = lowered, Biases = biases, Lift = Subnormals.Lift };
    }
}
