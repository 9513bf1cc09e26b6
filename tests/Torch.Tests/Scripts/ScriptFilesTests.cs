using Involute.Tasks.Images;
using Involute.Tests;
using Involute.Torch.Scripts;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Scripts;

/// <summary>Models and examples that are not what they should be: one line says what, where, and what is allowed.</summary>
/// <remarks>Each model is first loaded in a process of its own.</remarks>
[Trait("Speed", "slow")]
public sealed class ScriptFilesTests : IDisposable
{
    private const string Linear = "return torch.linear(input, self.last.weight, self.last.bias)";

    private readonly ScratchFolder _folder = new();

    public static TheoryData<string, string> Models() => new()
    {
        { "missing", "model.pt: cannot be read (Could not find file" },
        { "empty", "model.pt: it has no length" },
        { "text", "model.pt: no zip archive (" },
        { "cut", "model.pt: no zip archive (" },
        { "flipped", "model.pt: model/data/0 in it is damaged; expected a TorchScript model, as torch.jit.save writes it" },
        { "npz", "model.pt: a zip archive without data.pkl; expected a TorchScript model" },
        { "state", "model.pt: tensors without code (torch.save writes so); expected a TorchScript model" },
        { "double", "model.pt: parameter first/weight is Float64; expected parameters of Float32" },
        { "frozen", "model.pt: it has no parameter that is trained; expected a model with one at least" },
        { "syntax", "model.pt: " },
        { "operator", "model.pt: Unknown builtin op: aten::not_there. (File \"code/__torch__.py\", line " },
        { "features", "model.pt: its forward or backward pass fails for a batch of inputs [12, 6]: mat1 and mat2 shapes cannot be multiplied (12x6 and 8x3) (File \"code/__torch__.py\", line " },
        { "tuple", "its forward returns several values; expected a model that returns one tensor for such inputs" },
        { "nothing", "its forward returns nothing; expected a model" },
        { "vector", "model.pt: its forward returns Float32 of the shape [12] for a batch of inputs [12, 6]; expected Float32, the sizes of the targets, [12], and behind them that of at least 2 classes" },
        { "whole", "model.pt: its forward returns Int64 of the shape [12, 3] for a batch of inputs [12, 6]; expected Float32" },
        { "detached", "model.pt: what its forward returns does not depend on a parameter" },
        { "dropout", "model.pt: its forward pass draws random numbers of torch's, which no checkpoint would have; expected none" },
        { "nan", "model.pt: its first loss is NaN for a batch of inputs [12, 6]; expected a finite number" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_that_cannot_be_trained_is_refused_in_one_line(string what, string message)
    {
        TorchRequired.OrSkip();
        var whole = ScriptArchive.Write(ScriptFixtures.Tensors(), ScriptFixtures.Perceptron);
        var flipped = (byte[])whole.Clone();
        flipped[whole.AsSpan().IndexOf("model/data/0"u8) + 20] ^= 1;
        byte[] model = what switch
        {
            "empty" => [],
            "text" => [.. "class Net: pass"u8],
            "cut" => whole[..^100],
            "flipped" => flipped,
            "npz" => ScriptFixtures.CloudsFile(),
            "state" => ScriptFixtures.Npz(("archive/data.pkl", [])),
            "double" => With(tensor => tensor with { IsDouble = true }, null),
            "frozen" => With(tensor => tensor with { IsTrained = false }, null),
            "syntax" => With(null, "return torch.linear(input"),
            "operator" => With(null, "return torch.not_there(input)"),
            "features" => With(null, Linear),
            "tuple" => With(null, "return (input, input)", "Tuple[Tensor, Tensor]"),
            "nothing" => With(null, "return None", "NoneType"),
            "vector" => With(null, Output("torch.sum(output, [1])")),
            "whole" => With(null, Output("torch.argsort(output, -1)")),
            "detached" => With(null, Output("torch.detach(output)")),
            "dropout" => With(null, Output("torch.dropout(output, 0.1, True)")),
            "nan" => With(tensor => tensor with { Values = Array.ConvertAll(tensor.Values, _ => float.NaN) }, null),
            _ => whole,
        };
        if (what == "state")
        {
            model = Renamed(model, "archive/data.pkl.npy", "archive/data.pkl");
        }

        var options = ScriptFixtures.Options(_folder.Path, model);
        if (what == "missing")
        {
            File.Delete(options.File);
        }

        Refused(options, message);

        static string Output(string expression) =>
            $"output = torch.linear(torch.linear(input, self.first.weight, self.first.bias), self.last.weight, self.last.bias)\n    return {expression}";
    }

    [Theory]
    [InlineData("missing", "examples.npz: cannot be read (Could not find file")]
    [InlineData("text", "examples.npz: no zip archive (")]
    [InlineData("no-targets", "examples.npz: no array targets among inputs.npy; expected arrays inputs and targets (numpy.savez(file, inputs=x, targets=y))")]
    [InlineData("half", "examples.npz: inputs: dtype '<f2'; expected '<f4' or '<f8' or '|u1' or '<i4' or '<i8' (float32, float64, uint8, int32, int64)")]
    [InlineData("scalar", "examples.npz: inputs: the shape (); expected 1 to 8 sizes of at least 1, the first of them the number of examples")]
    [InlineData("zero", "examples.npz: inputs: the shape (0, 6); expected 1 to 8 sizes of at least 1")]
    [InlineData("short", "examples.npz: inputs: truncated: 5756 bytes of elements; expected 5760 bytes for 240 x 6 elements of 4 bytes")]
    [InlineData("nan", "examples.npz: inputs: example 1 has an element that is NaN as float32; expected finite numbers")]
    [InlineData("large", "examples.npz: inputs: example 0 has an element that is Infinity as float32; expected finite numbers")]
    [InlineData("fewer", "examples.npz: targets: 239 targets for 240 inputs; expected 240 targets")]
    [InlineData("real", "examples.npz: targets: targets that are no whole numbers; expected classes as uint8, int32 or int64")]
    [InlineData("class", "examples.npz: targets from 0 to 3, and the model has 3 classes; expected 0 to 2")]
    [InlineData("few", "examples.npz: of its 30 examples the smallest split has 2, and involute.task.batch-size is 12; expected at least 180 examples, or a batch size from 1 to 2")]
    [InlineData("npy", "examples.npz: it has inputs alone, and involute.task.targets is empty; expected an NPZ file")]
    public void Examples_that_do_not_fit_are_refused_in_one_line(string what, string message)
    {
        TorchRequired.OrSkip();
        var (inputs, targets) = ScriptFixtures.Clouds();
        var (rows, features) = (ScriptFixtures.Rows, ScriptFixtures.Features);
        var (x, y) = (ScriptFixtures.Npy("<f4", inputs, rows, features), ScriptFixtures.Npy("<i8", targets, rows));
        byte[] data = what switch
        {
            "text" => [.. "1,2,3"u8],
            "npy" => x,
            "no-targets" => ScriptFixtures.Npz(("inputs", x)),
            "half" => Both(ScriptFixtures.Npy("<f2", inputs, rows, features), y),
            "scalar" => Both(ScriptFixtures.Npy("<f4", inputs[..1]), y),
            "zero" => Both(ScriptFixtures.Npy("<f4", inputs, 0, features), y),
            "short" => Both(x[..^4], y),
            "nan" => Both(ScriptFixtures.Npy("<f4", [.. inputs[..7], float.NaN, .. inputs[8..]], rows, features), y),
            "large" => Both(
                ScriptFixtures.Npy("<f8", [1e39, .. inputs[1..].Select(value => (double)value)], rows, features), y),
            "fewer" => Both(x, ScriptFixtures.Npy("<i8", targets[1..], rows - 1)),
            "real" => Both(x, ScriptFixtures.Npy("<f4", Array.ConvertAll(targets, value => (float)value), rows)),
            "class" => Both(x, ScriptFixtures.Npy("<i8", [.. targets[1..], 3], rows)),
            "few" => Both(
                ScriptFixtures.Npy("<f4", inputs[..180], 30, features), ScriptFixtures.Npy("<i8", targets[..30], 30)),
            _ => Both(x, y),
        };
        var options = ScriptFixtures.Options(_folder.Path, data: data);
        if (what == "missing")
        {
            File.Delete(options.Data);
        }

        Refused(options, message);

        static byte[] Both(byte[] x, byte[] y) => ScriptFixtures.Npz(("inputs", x), ("targets", y));
    }

    /// <summary>The same examples in other types and files.</summary>
    [Fact]
    public void Types_and_files_of_the_same_examples_give_the_same_loss()
    {
        TorchRequired.OrSkip();
        var (inputs, targets) = ScriptFixtures.Clouds();
        var (rows, features) = (ScriptFixtures.Rows, ScriptFixtures.Features);
        var bytes = Array.ConvertAll(inputs, value => (byte)Math.Clamp(128 + (30 * value), 0, 255));
        var brightness = Array.ConvertAll(bytes, value => value / 255f);
        var expected = Loss(
            ScriptFixtures.Npy("<f4", brightness, rows, features), ScriptFixtures.Npy("<i8", targets, rows));
        Assert.Equal(expected, Loss(
            ScriptFixtures.Npy("|u1", bytes, rows, features),
            ScriptFixtures.Npy("<i4", Array.ConvertAll(targets, value => (int)value), rows)));
        Assert.Equal(expected, Loss(
            ScriptFixtures.Npy("<f8", Array.ConvertAll(brightness, value => (double)value), rows, features),
            ScriptFixtures.Npy("|u1", Array.ConvertAll(targets, value => (byte)value), rows)));

        var options = ScriptFixtures.Options(
            _folder.Path, data: ScriptFixtures.Npy("<f4", brightness, rows, features)) with
        {
            Targets = _folder.File("targets.npy"),
        };
        File.WriteAllBytes(options.Targets, ScriptFixtures.Npy("<i8", targets, rows));
        Assert.Equal(expected, ScriptLosses.First(options));

        double Loss(byte[] x, byte[] y) => ScriptLosses.First(
            ScriptFixtures.Options(_folder.Path, data: ScriptFixtures.Npz(("inputs", x), ("targets", y))));
    }

    [Fact]
    public void Settings_without_files_are_refused_before_anything_is_loaded()
    {
        Assert.Equal(["file", "data"], new TorchScriptOptions().Check().Select(problem => problem.Key));
        Assert.Equal(
            ["batching"],
            new TorchScriptOptions { File = "a", Data = "b", Batching = Batching.TorchBatching.Vmap }.Check()
                .Select(problem => problem.Key));
    }

    private static void Refused(TorchScriptOptions options, string message)
    {
        var refusal = Assert.Throws<DataFormatException>(() => options.Create());
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.StartsWith(Path.GetDirectoryName(options.File)!, refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] With(Func<ScriptTensor, ScriptTensor>? change, string? forward, string returns = "Tensor") =>
        ScriptArchive.Write(
            ScriptFixtures.Tensors().ToDictionary(entry => entry.Key, entry => change?.Invoke(entry.Value) ?? entry.Value),
            forward is null ? ScriptFixtures.Perceptron : $"input: Tensor) -> {returns}:\n    {forward}\n");

    private static byte[] Renamed(byte[] archive, string name, string other)
    {
        using var bytes = new MemoryStream();
        using (var from = new System.IO.Compression.ZipArchive(new MemoryStream(archive)))
        using (var to = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create))
        {
            Assert.NotNull(from.GetEntry(name));
            using var stream = to.CreateEntry(other).Open();
            stream.WriteByte((byte)'.');
        }

        return bytes.ToArray();
    }
}
