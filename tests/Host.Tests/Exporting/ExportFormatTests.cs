using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Involute.Host.Exporting;
using Involute.Host.Tests.Repository;
using Xunit;

namespace Involute.Host.Tests.Exporting;

/// <summary>The bytes of exported files, read by hand.</summary>
public sealed class ExportFormatTests
{
    private static readonly float[] Theta = [-4.6051702f, 1, 2, 3, 4, 5, 6];

    // Also in tests/Fixtures/exports, where the loader for TorchSharp reads it.
    private static readonly ThetaExport Export = new(
        [new("run", "a \"name\""), new("step", "600")],
        [
            ExportedArray.Of("log_lr", [], Theta.AsSpan(0, 1)), ExportedArray.Of("net/w0", [2, 3], Theta.AsSpan(1)),
        ],
        ExportedArray.Of("theta", [7], Theta),
        [ExportedArray.Of("natural/learning_rate", [], [0.01])]);

    [Fact]
    public void Safetensors_names_kind_shape_and_place_without_a_hole()
    {
        var file = SafetensorsFile.Write(Export);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        var header = JsonElement.Parse(Encoding.UTF8.GetString(file, 8, length));
        Assert.Equal("a \"name\"", header.GetProperty("__metadata__").GetProperty("run").GetString());
        Assert.Equal("600", header.GetProperty("__metadata__").GetProperty("step").GetString());
        var end = 0;
        foreach (var array in header.EnumerateObject().Skip(1))
        {
            var offsets = array.Value.GetProperty("data_offsets").EnumerateArray().Select(it => it.GetInt32()).ToArray();
            Assert.Equal(end, offsets[0]);
            end = offsets[1];
            var shape = array.Value.GetProperty("shape").EnumerateArray().Select(it => it.GetInt32());
            var size = array.Value.GetProperty("dtype").GetString() == "F64" ? 8 : 4;
            Assert.Equal(0, offsets[0] % size);
            Assert.Equal(shape.Aggregate(size, (product, n) => product * n), offsets[1] - offsets[0]);
        }

        Assert.Equal(file.Length, 8 + length + end);
        Assert.Equal(Theta, MemoryMarshal.Cast<byte, float>(file.AsSpan(^(7 * sizeof(float))..)));
        Assert.Equal(File.ReadAllBytes(Path.Combine(SourceTree.Root, "tests/Fixtures/exports/theta.safetensors")), file);
    }

    [Fact]
    public void Npz_has_a_file_for_each_array_and_the_metadata()
    {
        using var archive = new ZipArchive(new MemoryStream(NpzFile.Write(Export)));
        Assert.Equal(
            ["log_lr.npy", "net/w0.npy", "theta.npy", "natural/learning_rate.npy", "metadata.json"],
            archive.Entries.Select(entry => entry.FullName));
        Assert.Equal("600", JsonElement.Parse(Text(archive, "metadata.json")).GetProperty("step").GetString());
        Assert.Contains("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", Text(archive, "log_lr.npy"), StringComparison.Ordinal);
        Assert.Contains("'shape': (2, 3), }", Text(archive, "net/w0.npy"), StringComparison.Ordinal);
        Assert.Contains("'shape': (7,), }", Text(archive, "theta.npy"), StringComparison.Ordinal);
        Assert.Contains("'descr': '<f8'", Text(archive, "natural/learning_rate.npy"), StringComparison.Ordinal);
        Assert.Equal(NpzFile.Write(Export), NpzFile.Write(Export));
    }

    [Fact]
    public void Json_has_shapes_and_values()
    {
        var json = JsonElement.Parse(Encoding.UTF8.GetString(JsonFile.Write(Export with
        {
            Natural = [ExportedArray.Of("natural/learning_rate", [2], [0.01, double.PositiveInfinity])],
        })));
        Assert.Equal("600", json.GetProperty("step").GetString());
        Assert.Equal(Theta, json.GetProperty("theta").EnumerateArray().Select(value => value.GetSingle()));
        var w = json.GetProperty("tensors").GetProperty("net/w0");
        Assert.Equal("[2,3]", w.GetProperty("shape").GetRawText());
        Assert.Equal("[1,2,3,4,5,6]", w.GetProperty("values").GetRawText());
        Assert.Equal(
            "[0.01,null]", json.GetProperty("natural").GetProperty("learning_rate").GetProperty("values").GetRawText());
    }

    private static string Text(ZipArchive archive, string entry)
    {
        using var reader = new StreamReader(archive.GetEntry(entry)!.Open(), Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
