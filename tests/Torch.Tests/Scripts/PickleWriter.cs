using System.Buffers.Binary;
using System.Text;

namespace Involute.Torch.Tests.Scripts;

/// <summary>Writes what TorchScript archives need of Python's pickle format, protocol 2.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [0x80, 2];

    public static byte[] EmptyTuple => [0x80, 2, (byte)')', (byte)'.'];

    public byte[] Done() => [.. _bytes, (byte)'.'];

    public void Object(string module, string type, Action attributes)
    {
        Global(module, type);
        Op(')');
        _bytes.Add(0x81);
        Op('}');
        Op('(');
        attributes();
        Op('u');
        Op('b');
    }

    public void Text(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        Op('X');
        Number(utf8.Length);
        _bytes.AddRange(utf8);
    }

    public void Bool(bool value) => _bytes.Add(value ? (byte)0x88 : (byte)0x89);

    public void None() => Op('N');

    public void Whole(int value)
    {
        Op('J');
        Number(value);
    }

    public void Tensor(string key, string storage, int[] sizes, bool requiresGradient)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op('(');
        Op('(');
        Text("storage");
        Global("torch", storage);
        Text(key);
        Text("cpu");
        var elements = sizes.Aggregate(1, (all, size) => all * size);
        Whole(elements);
        Op('t');
        Op('Q');
        Whole(0);
        Tuple(sizes);
        Tuple([.. sizes.Select((_, i) => sizes[(i + 1)..].Aggregate(1, (all, size) => all * size))]);
        Bool(requiresGradient);
        Global("collections", "OrderedDict");
        Op(')');
        Op('R');
        Op('t');
        Op('R');
    }

    private void Tuple(int[] numbers)
    {
        Op('(');
        foreach (var number in numbers)
        {
            Whole(number);
        }

        Op('t');
    }

    private void Global(string module, string name)
    {
        Op('c');
        _bytes.AddRange(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    private void Op(char code) => _bytes.Add((byte)code);
}
