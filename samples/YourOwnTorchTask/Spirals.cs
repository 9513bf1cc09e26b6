using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace YourOwnTorchTask;

/// <summary>Options of <see cref="Spirals"/>.</summary>
[Component("spirals", "tells the points of two spirals apart, by a small network")]
public sealed record SpiralsOptions : TorchTaskOptions
{
    [Option("Points of an inner step.", Least = 2, Most = 10_000)]
    public int Points { get; init; } = 64;

    [Option("Units of each hidden layer.", Least = 1, Most = 1000)]
    public int Units { get; init; } = 16;

    protected override TorchTask CreateTask() => new Spirals(Points, Units);
}

/// <summary>A point's angle along its spiral and its noise are drawn by the program; torch computes the rest.</summary>
public sealed class Spirals(int points, int units) : TorchTask(
    "spirals",
    [("w0", [2, units]), ("b0", [units]), ("w1", [units, units]), ("b1", [units]), ("w2", [units, 1]), ("b2", [1])])
{
    private const int Angles = 1000;

    public override BatchDraw Draws => new(Indices: points, Normals: 2 * points);

    public override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals)
    {
        shuffling.Fill(key, split, order, Angles, indices);
        key.Stream(RandomStream.InnerNoise).FillNormal(normals);
    }

    public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split)
    {
        var angle = indices.to_type(ScalarType.Float32).mul(10f / Angles).unsqueeze(2);
        var side = indices.remainder(2).to_type(ScalarType.Float32);
        var turn = angle.add(side.unsqueeze(2).mul(MathF.PI));
        var places = cat([turn.cos(), turn.sin()], 2).mul(angle).div(10f);
        return [places.add(normals.view(places.shape).mul(0.02f)), side];
    }

    public override Tensor Loss(IReadOnlyList<Tensor> p, IReadOnlyList<Tensor> batch)
    {
        var hidden = batch[0].mm(p[0]).add(p[1]).tanh().mm(p[2]).add(p[3]).tanh();
        var logits = hidden.mm(p[4]).add(p[5]).squeeze(1);
        return logits.relu().sub(logits.mul(batch[1])).add(logits.abs().neg().exp().log1p()).mean();
    }
}
