using Involute.Tasks.Images;
using Involute.Tasks.Regression;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Torch.Scripts;

/// <summary>Inputs and targets of a user's NumPy files, in the four splits of meta-training.</summary>
internal sealed class Examples
{
    private const string Inputs = "inputs";
    private const string Targets = "targets";
    private const string Expected =
        "an NPZ file with the arrays inputs and targets, or an NPY file of inputs beside one of targets";

    private readonly RowSplits _splits;
    private readonly Tensor[] _parts;

    private Examples(RowSplits splits, Tensor[] parts)
    {
        _splits = splits;
        _parts = parts;
    }

    /// <summary>Number of examples.</summary>
    public int Rows => _splits.Rows;

    /// <summary>Examples of the smallest split.</summary>
    public int Smallest => _splits.Smallest;

    /// <summary>float32 or int64 [examples, …]; null without targets.</summary>
    public Tensor? AllTargets => _parts.Length > 1 ? _parts[1] : null;

    /// <summary>Reads and divides them.</summary>
    /// <param name="data">NPZ, or NPY with the inputs.</param>
    /// <param name="targets">NPY with the targets; empty if <paramref name="data"/> has them.</param>
    /// <param name="loss">What targets are for.</param>
    /// <exception cref="DataFormatException">A file is not what it should be.</exception>
    public static Examples Read(string data, string targets, ScriptLoss loss)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var files = Files(data, targets, loss);
        Tensor[] parts =
        [
            .. files.Select((file, i) => ExampleArray.Read(
                file.Name, file.Bytes, bytesAreClasses: i > 0 && loss != ScriptLoss.SquaredError)),
        ];
        var rows = checked((int)parts[0].shape[0]);
        if (parts.Length > 1 && parts[1].shape[0] != rows)
        {
            throw new DataFormatException(
                files[1].Name, $"{parts[1].shape[0]} targets for {rows} inputs", $"{rows} targets");
        }

        if (loss == ScriptLoss.CrossEntropy && parts[1].dtype != ScalarType.Int64)
        {
            throw new DataFormatException(
                files[1].Name, "targets that are no whole numbers",
                "classes as uint8, int32 or int64, or another involute.task.loss");
        }

        var splits = new RowSplits(rows);
        var order = tensor(splits.Order());
        return new Examples(
            splits,
            [
                .. parts.Select(part => part.index_select(0, order))
                    .Select((part, i) => i > 0 && loss == ScriptLoss.SquaredError
                        ? part.to_type(ScalarType.Float32)
                        : part)
                    .Select(part => part.DetachFromDisposeScope()),
            ]);
    }

    /// <summary>Number of examples of a split.</summary>
    public int Count(DataSplit split) => _splits.Range(split).Count;

    /// <summary>The targets of a split; in the scope of the caller.</summary>
    public Tensor TargetsOf(DataSplit split)
    {
        var (first, count) = _splits.Range(split);
        return _parts[1].narrow(0, first, count);
    }

    /// <summary>Picks examples.</summary>
    /// <param name="indices">int32 [pairs, examples], on the processor.</param>
    /// <param name="split">Part of the data.</param>
    /// <returns>Inputs, and targets if there are any, each [pairs, examples, …].</returns>
    public Tensor[] Pick(Tensor indices, DataSplit split)
    {
        var rows = indices.reshape(-1).add(tensor(_splits.Range(split).First));
        return
        [
            .. _parts.Select(part => part.index_select(0, rows)
                .view([indices.shape[0], indices.shape[1], .. part.shape.AsSpan(1)])),
        ];
    }

    private static (string Name, byte[] Bytes)[] Files(string data, string targets, ScriptLoss loss)
    {
        var bytes = ReadFile.Whole(data, Expected);
        var mayLackTargets = loss == ScriptLoss.Model;
        if (bytes.AsSpan().StartsWith(NpyArray.Magic))
        {
            return targets.Length > 0 ? [(data, bytes), (targets, ReadFile.Whole(targets, "an NPY file of targets"))]
                : mayLackTargets ? [(data, bytes)]
                : throw new DataFormatException(
                    data, "it has inputs alone, and involute.task.targets is empty", Expected);
        }

        if (targets.Length > 0)
        {
            throw new DataFormatException(
                data, "it is no NPY file, and involute.task.targets is set",
                "an NPY file of inputs, or no targets beside NPZ");
        }

        var archive = WholeZip.Read(data, bytes, Expected);
        var parts = new[] { Inputs, Targets }
            .Where(name => archive.ContainsKey(name + ".npy") || name == Inputs || !mayLackTargets)
            .Select(name => archive.TryGetValue(name + ".npy", out var array)
                ? ($"{data}: {name}", array)
                : throw new DataFormatException(
                    data, $"no array {name} among {string.Join(", ", archive.Keys.Order().Take(8))}",
                    "arrays inputs and targets (numpy.savez(file, inputs=x, targets=y))"));
        return [.. parts];
    }
}
