using System.Globalization;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Torch.Scripts;

/// <summary>Runs a model once before the first step: what does not fit is one line then.</summary>
internal static class ScriptCheck
{
    /// <summary>Checks that a model and examples fit together.</summary>
    /// <param name="model">The model, with the parameters of its file.</param>
    /// <param name="examples">Inputs and targets.</param>
    /// <param name="data">File of the examples, for messages.</param>
    /// <param name="loss">What the output is measured by.</param>
    /// <param name="batchSize">Examples of a batch.</param>
    /// <returns>Size of the output's last dimension: the number of classes.</returns>
    /// <exception cref="DataFormatException">They do not fit, or the model draws random numbers.</exception>
    public static int Run(ScriptModel model, Examples examples, string data, ScriptLoss loss, int batchSize)
    {
        using var scope = NewDisposeScope();
        Tensor[] batch =
        [
            .. examples.Pick(arange(batchSize, ScalarType.Int32).unsqueeze(0), DataSplit.Train)
                .Select(part => part[0]),
        ];
        var held = model.Rent();
        held.Set([.. model.Shapes.Zip(model.Values)
            .Select(pair => tensor(pair.Second).view(Array.ConvertAll(pair.First.Shape, size => (long)size)))]);
        var before = get_rng_state();
        Tensor output, value;
        var about = $"for a batch of inputs {ShapeOf(batch[0])}"
            + (loss == ScriptLoss.Model && batch.Length > 1 ? $" and targets {ShapeOf(batch[1])}" : "");
        try
        {
            output = ScriptTask.Run(held.Module, loss, batch[0], batch.ElementAtOrDefault(1));
            RequireOutput(model.Path, about, loss, output, batch.ElementAtOrDefault(1));
            RequireClasses(data, examples, loss, output);
            value = ScriptTask.LossOf(loss, output, batch);
            value.backward();
        }
        catch (Exception problem) when (ScriptProblem.IsOfLibtorch(problem))
        {
            throw new DataFormatException(
                model.Path, $"its forward or backward pass fails {about}: {ScriptProblem.Of(problem)}",
                "a model that returns one tensor for such inputs");
        }

        if (!before.bytes.SequenceEqual(get_rng_state().bytes))
        {
            throw new DataFormatException(
                model.Path, "its forward pass draws random numbers of torch's, which no checkpoint would have",
                "none (a model with dropout: model.eval() before it is saved)");
        }

        var first = value.detach().data<float>()[0];
        if (!float.IsFinite(first))
        {
            throw new DataFormatException(
                model.Path, string.Create(CultureInfo.InvariantCulture, $"its first loss is {first} {about}"),
                "a finite number");
        }

        model.Return(held);
        return output.dim() > 0 ? checked((int)output.shape[^1]) : 0;
    }

    private static void RequireOutput(string path, string about, ScriptLoss loss, Tensor output, Tensor? targets)
    {
        var (fits, allowed) = loss switch
        {
            ScriptLoss.CrossEntropy => (
                output.dim() > 1 && output.shape[^1] > 1 && output.shape.AsSpan()[..^1].SequenceEqual(targets!.shape),
                $"the sizes of the targets, {ShapeOf(targets!)}, and behind them that of at least 2 classes"),
            ScriptLoss.SquaredError => (
                output.shape.AsSpan().SequenceEqual(targets!.shape), $"the shape of the targets, {ShapeOf(targets!)}"),
            _ => (output.dim() == 0, "a scalar, the mean loss of the batch"),
        };
        if (!fits || output.dtype != ScalarType.Float32)
        {
            throw new DataFormatException(
                path, $"its forward returns {output.dtype} of the shape {ShapeOf(output)} {about}",
                $"Float32, {allowed}");
        }

        if (!output.requires_grad)
        {
            throw new DataFormatException(
                path, "what its forward returns does not depend on a parameter in a way that can be differentiated",
                "an output that does");
        }
    }

    private static void RequireClasses(string data, Examples examples, ScriptLoss loss, Tensor output)
    {
        if (loss != ScriptLoss.CrossEntropy)
        {
            return;
        }

        var (least, most) = (examples.AllTargets!.min().data<long>()[0], examples.AllTargets!.max().data<long>()[0]);
        if (least < 0 || most >= output.shape[^1])
        {
            throw new DataFormatException(
                data, $"targets from {least} to {most}, and the model has {output.shape[^1]} classes",
                $"0 to {output.shape[^1] - 1}");
        }
    }

    private static string ShapeOf(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
