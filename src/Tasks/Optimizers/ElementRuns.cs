namespace Involute.Tasks.Optimizers;

/// <summary>Runs of elements of the same length, one behind the other.</summary>
/// <param name="Count">Number of runs.</param>
/// <param name="Length">Elements of each.</param>
/// <param name="WithoutY">Index of the average over Y that the first element belongs to.</param>
/// <param name="WithoutX">Index of the average over X that the first element belongs to.</param>
/// <param name="StepWithoutY">From one run's index without Y to the next run's.</param>
/// <param name="StepWithoutX">From one run's index without X to the next run's.</param>
internal readonly record struct ElementRuns(
    int Count, int Length, int WithoutY, int WithoutX, int StepWithoutY, int StepWithoutX)
{
    /// <summary>Elements of all.</summary>
    public int Elements => Count * Length;
}
