using Involute.Tasks;
using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary>
/// Adafactor's averages of one tensor on stacked lanes, and the 18 features that <see cref="AdafacFeatures"/> makes of
/// them.
/// </summary>
/// <param name="slice">The tensor's place among the inner parameters.</param>
internal sealed class FactoredTensor(TensorSlice slice)
{
    private const int Decays = FactoredMoments.Decays;

    /// <summary>Floats of state.</summary>
    public int StateLength { get; } = FactoredMoments.StateLength(slice);

    /// <summary>Moves the averages on.</summary>
    /// <param name="gradient">Of all inner parameters, [lanes, 1, inner parameters].</param>
    /// <param name="momenta">Likewise, [lanes, 3, inner parameters].</param>
    /// <param name="state">[lanes, <see cref="StateLength"/>]</param>
    /// <param name="rates">1 − decay, [lanes, 3, 1].</param>
    /// <returns>Features [lanes, 18, elements of the tensor], and the next state.</returns>
    public (Tensor Features, Tensor State) Step(Tensor gradient, Tensor momenta, Tensor state, Tensor rates)
    {
        var slope = gradient.narrow(2, slice.Offset, slice.Length);
        var momentum = momenta.narrow(2, slice.Offset, slice.Length);
        var averages = state.view(state.shape[0], Decays, -1);
        return slice.Shape.Count < 2
            ? Unfactored(slope, momentum, averages, rates)
            : Factored(slope, momentum, averages, rates, Factoring.Of(slice.Shape));
    }

    private static (Tensor Features, Tensor State) Unfactored(
        Tensor gradient, Tensor momenta, Tensor averages, Tensor rates)
    {
        averages += rates * (gradient.square() + FactoredMoments.SquareEpsilon - averages);
        var slope = gradient / (averages + AdafacFeatures.LeastSquare).sqrt();
        var momentum = momenta / (averages + AdafacFeatures.RmsEpsilon).sqrt();
        return (Features(slope, averages, averages, momentum), Flat(averages));
    }

    // An element has the place (a, x, b, y, c); rows lack the larger of X and Y, columns the other.
    private (Tensor Features, Tensor State) Factored(
        Tensor gradient, Tensor momenta, Tensor averages, Tensor rates, Factoring shape)
    {
        var lanes = gradient.shape[0];
        var squares = (gradient.square() + FactoredMoments.SquareEpsilon)
            .reshape(lanes, 1, shape.A, shape.X, shape.B, shape.Y, shape.C);
        var (larger, smaller) = shape.LaterIsLargest ? (Y: 5, X: 3) : (Y: 3, X: 5);
        var fresh = cat(
            [squares.mean([larger]).reshape(lanes, 1, -1), squares.mean([smaller]).reshape(lanes, 1, -1)], 2);
        averages += rates * (fresh - averages);

        long[] Without(int dimension) =>
        [
            lanes, Decays, shape.A, dimension == 3 ? 1 : shape.X, shape.B, dimension == 5 ? 1 : shape.Y, shape.C,
        ];
        var rows = averages.narrow(2, 0, shape.Rows).reshape(Without(larger));
        var columns = averages.narrow(2, shape.Rows, shape.Columns).reshape(Without(smaller));
        var relative = rows / (rows.mean([smaller], true) + FactoredMoments.MeanEpsilon);
        var factors = relative.clamp_min(AdafacFeatures.LeastSquare).rsqrt()
            * columns.clamp_min(AdafacFeatures.LeastSquare).rsqrt();

        var factor = Spread(factors, shape);
        return (
            Features(gradient * factor, Spread(rows, shape), Spread(columns, shape), momenta * factor), Flat(averages));
    }

    private static Tensor Features(Tensor gradient, Tensor row, Tensor column, Tensor momenta) => cat(
        [
            gradient, row, column, (row + AdafacFeatures.AverageEpsilon).rsqrt(),
            (column + AdafacFeatures.AverageEpsilon).rsqrt(), momenta,
        ],
        1);

    private Tensor Spread(Tensor values, Factoring shape) => values
        .expand(values.shape[0], Decays, shape.A, shape.X, shape.B, shape.Y, shape.C)
        .reshape(values.shape[0], Decays, slice.Length);

    private static Tensor Flat(Tensor averages) => averages.reshape(averages.shape[0], -1);
}
