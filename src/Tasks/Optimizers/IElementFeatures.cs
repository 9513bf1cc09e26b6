namespace Involute.Tasks.Optimizers;

/// <summary>What a learned update rule sees of each element of one tensor.</summary>
internal unsafe interface IElementFeatures
{
    /// <summary>Number of features; a multiple of 4.</summary>
    static abstract int Count { get; }

    /// <summary>Whether <see cref="Write"/> can lift features.</summary>
    static abstract bool AreLifted { get; }

    /// <summary>Σ x² of each feature over the tensor, in the order of <see cref="Numerics.SquareSum"/>.</summary>
    /// <param name="block">
    /// Room for [<see cref="Count"/> × <see cref="ElementBlock.Stride"/>], overwritten.
    /// </param>
    /// <param name="sums">Receives [<see cref="Count"/>].</param>
    void SumSquares(float* block, double* sums);

    /// <summary>Elements, from the tensor's first on, of which <see cref="Outputs"/> is to be had.</summary>
    /// <param name="network">Of the rule.</param>
    int Direct(OptimizerNetwork network);

    /// <summary>Computes the network's outputs without writing the features down.</summary>
    /// <param name="weights">The network's part of theta.</param>
    /// <param name="firstBiases">Those of the first layer, with the time features.</param>
    /// <param name="scales">[<see cref="Count"/>].</param>
    /// <param name="count">Number of elements, from <see cref="Direct"/>.</param>
    /// <param name="from">Index of the first element: 0, and then what was returned.</param>
    /// <param name="outputs">
    /// Receives [2 × <see cref="ElementRule.DirectStride"/>], of <see cref="ElementRule.DirectElements"/> elements at most.
    /// </param>
    /// <returns>Index of the first element that was not computed.</returns>
    int Outputs(float* weights, float* firstBiases, float* scales, int count, int from, float* outputs);

    /// <summary>Writes the features of some elements, feature by feature, each times its scale.</summary>
    /// <param name="first">Index of the first element within the tensor.</param>
    /// <param name="count">Number of elements, 1 to <see cref="ElementBlock.Columns"/>.</param>
    /// <param name="scales">[<see cref="Count"/>].</param>
    /// <param name="lift">From <see cref="FirstLayer.Lift"/>: 1 where features are not lifted.</param>
    /// <param name="block">
    /// [<see cref="Count"/> × <see cref="ElementBlock.Stride"/>]; up to seven columns behind the last are overwritten.
    /// </param>
    void Write(int first, int count, float* scales, float lift, float* block);
}
