using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;

namespace Involute.Gpu.Networks;

/// <summary>Sizes of a network problem, and of what its lanes need on a device: NetworkShape in Kernels/network.h.</summary>
internal sealed class NetworkShape
{
    /// <summary>Layers of values that the kernels take, with that of the inputs.</summary>
    private const int MostLayers = 18;

    /// <summary>Below it, examples are put in order by a shuffle, of which a block keeps two.</summary>
    public const int SmallestNetwork = 1024;

    /// <summary>Floats of shared memory beside panels and activations: sums, keys, a flag.</summary>
    private const int SharedRest = 32;

    /// <summary>Numbers of the struct before its layers.</summary>
    private const int Head = 20;

    private NetworkShape(ImageMlp task, OptimizedTask problem, DeviceRule rule)
    {
        Task = task;
        Rule = rule;
        var tensors = task.Parameters;
        Widths = [tensors[0].Shape[0], .. tensors.Where(tensor => tensor.Shape.Count == 2).Select(tensor => tensor.Shape[1])];
        Row = ((task.BatchSize + 3) / 4 * 4) + 4;
        Padded = AlignedBuffer.Padded(task.ParameterCount);
        Length = checked(Padded + AlignedBuffer.Padded(problem.Optimizer.StateLength(tensors)));
        Activations = Widths.Sum(width => (long)width * Row);
        Learned = LearnedShape.Of(problem.Optimizer, tensors, Padded);
    }

    /// <summary>Images and network.</summary>
    public ImageMlp Task { get; }

    /// <summary>The optimizer.</summary>
    public DeviceRule Rule { get; }

    /// <summary>Units of each layer, inputs first.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Floats from one unit's activations to the next unit's.</summary>
    public int Row { get; }

    /// <summary>Inner parameters with their padding.</summary>
    public int Padded { get; }

    /// <summary>Floats of a lane's saved state.</summary>
    public int Length { get; }

    /// <summary>What a learned optimizer needs; null for an element-wise one.</summary>
    public LearnedShape? Learned { get; }

    /// <summary>Floats of the activations of a lane's batch.</summary>
    public long Activations { get; }

    /// <summary>Whether it is the problem that the fused window is written for.</summary>
    public bool IsFused => Rule.Fused is not null && Task.BatchSize == FusedLayout.Batch && Widths.SequenceEqual(FusedLayout.Widths);

    /// <summary>The shape of a problem; null, and why, if the kernels do not take it.</summary>
    public static NetworkShape? Of(OptimizedTask problem, out string refusal)
    {
        refusal = "";
        if (problem.Task is not ImageMlp task)
        {
            return null;
        }

        if (DeviceRule.Of(problem.Optimizer) is not { } rule)
        {
            refusal = $"optimizer '{problem.Optimizer.Name}'; allowed on a device: {DeviceRule.Allowed}";
            return null;
        }

        var shape = new NetworkShape(task, problem, rule);
        if (shape.Widths.Count > MostLayers)
        {
            refusal = $"{shape.Widths.Count - 2} hidden layers; allowed on a device: at most {MostLayers - 2}";
            return null;
        }

        // The kernels count a block's floats in 32 bits.
        if (shape.ScratchFloats(activations: true) > int.MaxValue / 2)
        {
            refusal = $"activations of {shape.Activations} floats a lane; allowed on a device: {int.MaxValue / 2}, so a smaller batch or narrower layers";
            return null;
        }

        return shape;
    }

    /// <summary>Shared memory of a block, in bytes.</summary>
    /// <param name="tile">Elements of a product in a thread, by side.</param>
    /// <param name="activations">Whether the batch's activations are there.</param>
    public long SharedBytes(int tile, bool activations) => sizeof(float)
        * ((2 * 16 * ((16 * tile) + 4)) + SharedRest + (activations ? Activations + (3L * Task.BatchSize) : 0));

    /// <summary>
    /// Floats of scratch of a block: a gradient, two orders, the activations where they are there, and what a learned optimizer
    /// needs.
    /// </summary>
    public long ScratchFloats(bool activations) => LearnedAt(activations) + (Learned?.ScratchFloats ?? 0);

    /// <summary>The struct of the kernels.</summary>
    public int[] Words(bool activationsInScratch)
    {
        var words = new int[Head + (3 * MostLayers)];
        int[] head =
        [
            Widths.Count - 1, Task.BatchSize, Row, Task.ParameterCount, Padded, Length, Rule.Kind, Rule.Constants, (int)Activations,
            (int)ScratchFloats(activationsInScratch), .. Learned?.Words((int)LearnedAt(activationsInScratch)) ?? [],
        ];
        head.CopyTo(words, 0);
        var (values, weights) = (0, 0);
        for (var layer = 0; layer < Widths.Count; layer++)
        {
            int[] of = [Widths[layer], values, layer + 1 < Widths.Count ? weights : 0];
            of.CopyTo(words, Head + (3 * layer));
            values += Widths[layer] * Row;
            weights += layer + 1 < Widths.Count ? (Widths[layer] + 1) * Widths[layer + 1] : 0;
        }

        return words;
    }

    private long LearnedAt(bool activations) =>
        Padded + (2 * SmallestNetwork) + (activations ? (Activations + (3L * Task.BatchSize) + 15) / 16 * 16 : 0);
}
