namespace Involute.Tasks.Optimizers;

/// <summary>What <see cref="AdafacTile"/> computes the outputs for a matrix's elements from.</summary>
internal readonly unsafe struct AdafacOperands
{
    /// <summary>The network's part of theta.</summary>
    public required float* Weights { get; init; }

    /// <summary>Of the first layer, with the time features, [4].</summary>
    public required float* Biases { get; init; }

    /// <summary>[28].</summary>
    public required float* Scales { get; init; }

    /// <summary>Of the matrix.</summary>
    public required float* Gradient { get; init; }

    /// <summary>The matrix.</summary>
    public required float* Parameters { get; init; }

    /// <summary>Three momenta and mean squares.</summary>
    public required float* Averages { get; init; }

    /// <summary>The same with 0 in the place of tiny momenta; null where there are none, or weights are too large.</summary>
    public required float* Cleared { get; init; }

    /// <summary>Which momenta have tiny numbers (<see cref="TinyMomenta.Has"/>).</summary>
    public required int Tiny { get; init; }

    /// <summary>Floats from one of them to the next.</summary>
    public required nint Slot { get; init; }

    /// <summary>1/√(mean square + ε).</summary>
    public required float* InverseRoots { get; init; }

    /// <summary>What all elements of a line share, one number for each line.</summary>
    public required FactoredSide WithoutY { get; init; }

    /// <summary>What all lines share, one number for each of their elements.</summary>
    public required FactoredSide WithoutX { get; init; }
}
