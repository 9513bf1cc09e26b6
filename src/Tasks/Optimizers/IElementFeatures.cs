namespace Involute.Tasks.Optimizers;

/// <summary>What a learned update rule sees of each element of one tensor, before normalisation.</summary>
internal unsafe interface IElementFeatures
{
    /// <summary>Number of features.</summary>
    static abstract int Count { get; }

    /// <summary>Writes the features of a block of elements, feature by feature.</summary>
    /// <param name="first">Index of the first element within the tensor.</param>
    /// <param name="count">Number of elements, 1 to <see cref="ElementRule.Block"/>.</param>
    /// <param name="block">
    /// [<see cref="Count"/> × <see cref="ElementRule.Block"/>]; columns from <paramref name="count"/> on are not read.
    /// </param>
    void Write(int first, int count, float* block);
}
