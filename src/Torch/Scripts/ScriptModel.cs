using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Involute.Tasks.Images;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Scripts;

/// <summary>A TorchScript model: what its file says of its parameters, and a module of it for each thread.</summary>
/// <remarks>
/// Every pass begins with buffers, and with parameters that are not trained, as the file has them: a model is a
/// function of its trained parameters and of a batch, and of nothing that it has computed before.
/// </remarks>
internal sealed class ScriptModel
{
    private readonly ScriptFile _file;
    private readonly ConcurrentBag<HeldModule<jit.ScriptModule>> _idle = [];

    private ScriptModel(ScriptFile file, (string Name, Tensor Value)[] trained)
    {
        _file = file;
        Shapes = [.. trained.Select(named => (
            named.Name, Array.ConvertAll(named.Value.shape, size => checked((int)size))))];
        Values = [.. trained.Select(named => named.Value.detach().contiguous().data<float>().ToArray())];
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Names and shapes of the trained parameters; <c>/</c> stands for the dots of a name.</summary>
    public (string Name, int[] Shape)[] Shapes { get; }

    /// <summary>Their values in the file.</summary>
    public float[][] Values { get; }

    /// <summary>Reads it. Loads libtorch.</summary>
    /// <exception cref="DataFormatException">It is no model that can be trained.</exception>
    public static ScriptModel Read(string path)
    {
        var file = ScriptFile.Read(path);
        using var scope = NewDisposeScope();
        var module = file.Load();
        var trained = Trained(module);
        Require(path, trained);
        var model = new ScriptModel(file, trained);
        model.Return(Held(module, trained));
        return model;
    }

    /// <summary>A module that nothing else uses; one that an exception has left in an unknown state is not
    /// returned.</summary>
    public HeldModule<jit.ScriptModule> Rent()
    {
        if (_idle.TryTake(out var held))
        {
            return held;
        }

        using var scope = NewDisposeScope();
        var module = _file.Load();
        return Held(module, Trained(module));
    }

    /// <summary>Gives it back.</summary>
    public void Return(HeldModule<jit.ScriptModule> held) => _idle.Add(held);

    private static (string Name, Tensor Value)[] Trained(jit.ScriptModule module) =>
    [
        .. module.named_parameters().Where(named => named.parameter.requires_grad)
            .Select(named => (named.name.Replace('.', '/'), (Tensor)named.parameter)),
    ];

    private static HeldModule<jit.ScriptModule> Held(
        jit.ScriptModule module, (string Name, Tensor Value)[] trained) => new(
        module, [.. trained.Select(named => named.Value)],
        [
            .. module.parameters().Where(parameter => !parameter.requires_grad),
            .. module.named_buffers().Select(named => named.buffer),
        ]);

    private static void Require(string path, (string Name, Tensor Value)[] trained)
    {
        if (trained.Length == 0)
        {
            throw new DataFormatException(path, "it has no parameter that is trained", "a model with one at least");
        }

        var seen = new Dictionary<nint, string>();
        foreach (var (name, value) in trained)
        {
            if (value.dtype != ScalarType.Float32)
            {
                throw new DataFormatException(path, $"parameter {name} is {value.dtype}", "parameters of Float32");
            }

            if (value.NumberOfElements == 0)
            {
                throw new DataFormatException(path, $"parameter {name} has no elements", "sizes of at least 1");
            }

            if (!seen.TryAdd(Address(value), name))
            {
                throw new DataFormatException(
                    path, $"parameters {seen[Address(value)]} and {name} share their memory",
                    "parameters that are each their own");
            }
        }
    }

    private static unsafe nint Address(Tensor tensor) =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.detach().bytes));
}
