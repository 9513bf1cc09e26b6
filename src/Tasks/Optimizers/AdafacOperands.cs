namespace Involute.Tasks.Optimizers;

/// <summary>What <see cref="AdafacTile"/> computes the outputs for a tensor's elements from.</summary>
internal readonly unsafe struct AdafacOperands
{
    /// <summary>The network's part of theta.</summary>
    public required float* Weights { get; init; }

    /// <summary>Of the first layer, with the time features, [4].</summary>
    public required float* Biases { get; init; }

    /// <summary>[28].</summary>
    public required float* Scales { get; init; }

    /// <summary>Of the tensor.</summary>
    public required float* Gradient { get; init; }

    /// <summary>The tensor.</summary>
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

    /// <summary>What rows and columns give.</summary>
    public required AdafacTables Tables { get; init; }
}
