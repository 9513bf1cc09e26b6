using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace Involute.Torch.Tests;

internal static class ThetaLoader
{
    public static Dictionary<string, Tensor> Load(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        var data = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var array in JsonElement.Parse(file[8..data]).EnumerateObject().Where(it => it.Name != "__metadata__"))
        {
            var place = array.Value.GetProperty("data_offsets");
            var bytes = file[(data + place[0].GetInt32())..(data + place[1].GetInt32())];
            var shape = array.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            tensors[array.Name] = array.Value.GetProperty("dtype").GetString() == "F64"
                ? tensor(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), dtype: ScalarType.Float64).reshape(shape)
                : tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), dtype: ScalarType.Float32).reshape(shape);
        }

        return tensors;
    }
}
