using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;

namespace Involute.Torch.Scripts;

/// <summary>Options of a PyTorch model that was saved as TorchScript.</summary>
[Component("torch-script", "your own PyTorch model, saved by torch.jit.save, on your NumPy files, by libtorch")]
public sealed record TorchScriptOptions : TorchTaskOptions
{
    /// <summary>The model; required.</summary>
    [Option(
        "The model, as torch.jit.save writes it, at most 1 GiB. It must be set. Its parameters that require a gradient, "
        + "float32, are trained; buffers and other parameters begin every pass as the file has them. A relative path "
        + "starts at the current folder.",
        IsPath = true)]
    public string File { get; init; } = "";

    /// <summary>Inputs and targets; required.</summary>
    [Option(
        "The examples: an NPZ file with the arrays inputs and targets, or an NPY file of inputs, at most 1 GiB. It must be "
        + "set. float32, float64, uint8, int32 or int64, C order, the first size the number of examples. The model gets "
        + "uint8 divided by 255, other whole numbers as int64. A fixed shuffle divides the examples: 80 % train, a "
        + "fifteenth each validates the inner problem, validates the meta-loss, and tests. A relative path starts at "
        + "the current folder.",
        IsPath = true)]
    public string Data { get; init; } = "";

    /// <summary>Targets beside an NPY file of inputs.</summary>
    [Option(
        "An NPY file of targets beside an NPY file of inputs. Classes are uint8, int32 or int64. A relative path starts at "
        + "the current folder.",
        IsPath = true)]
    public string Targets { get; init; } = "";

    /// <summary>What the output is measured by.</summary>
    [Option("What the model's output is measured by.")]
    public ScriptLoss Loss { get; init; } = ScriptLoss.CrossEntropy;

    /// <summary>How a trajectory begins.</summary>
    [Option("With what parameters a trajectory begins.")]
    public ScriptStart Start { get; init; } = ScriptStart.File;

    /// <summary>Examples of an inner step, 1 to 60,000.</summary>
    [Option(
        "Examples of an inner step; at most a fifteenth of all.", Unit = "examples", Least = 1, Most = 60_000)]
    public int BatchSize { get; init; } = 32;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() => [.. base.Check(), .. OwnProblems()];

    /// <inheritdoc/>
    /// <exception cref="DataFormatException">A file is missing or wrong, or they do not fit together.</exception>
    protected override TorchTask CreateTask()
    {
        // Before any member of TorchSharp.
        TorchRuntime.Ensure();
        var model = ScriptModel.Read(File);
        var examples = Examples.Read(Data, Targets, Loss);
        if (BatchSize > examples.Smallest)
        {
            throw new DataFormatException(
                Data,
                $"of its {examples.Rows} examples the smallest split has {examples.Smallest}, and "
                    + $"involute.task.batch-size is {BatchSize}",
                $"at least {(long)Involute.Tasks.Regression.RowSplits.Parts * BatchSize} examples"
                    + (examples.Smallest > 0 ? $", or a batch size from 1 to {examples.Smallest}" : ""));
        }

        var classes = ScriptCheck.Run(model, examples, Data, Loss, BatchSize);
        return Loss == ScriptLoss.CrossEntropy
            ? new ScriptClassifier(model, examples, Start, BatchSize, classes)
            : new ScriptTask(model, examples, Loss, Start, BatchSize, classes);
    }

    private IEnumerable<OptionProblem> OwnProblems()
    {
        if (TorchDevice.Parse(Device) is { } device && device != TorchDevice.Cpu)
        {
            yield return new OptionProblem("device", $"a TorchScript model computes on the processor, and not on {device}", "cpu");
        }

        if (Batching is TorchBatching.Vmap or TorchBatching.Lanes)
        {
            yield return new OptionProblem(
                "batching", "a TorchScript model computes one lane after the other", "auto or loop");
        }

        if (File.Length == 0)
        {
            yield return new OptionProblem("file", "no model is set", "the path of what torch.jit.save wrote");
        }

        if (Data.Length == 0)
        {
            yield return new OptionProblem("data", "no examples are set", "the path of arrays as NPZ or NPY");
        }
    }
}
