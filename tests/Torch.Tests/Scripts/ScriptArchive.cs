using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Involute.Torch.Tests.Scripts;

/// <summary>
/// Writes a TorchScript model, as <c>torch.jit.save</c> of Python does: a zip archive of code, a pickled object, and the
/// tensors' memory. Python is not needed.
/// </summary>
/// <remarks>The modules lie one in another as far as the dots of the tensors' names say.</remarks>
internal static class ScriptArchive
{
    private const string Folder = "model";

    // The same model gives the same bytes, at any time.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The bytes of the file.</summary>
    /// <param name="tensors">By name, with dots between modules.</param>
    /// <param name="forward">The outermost module's <c>forward</c>, from its arguments on.</param>
    public static byte[] Write(IReadOnlyDictionary<string, ScriptTensor> tensors, string forward)
    {
        var code = new StringBuilder();
        var pickle = new PickleWriter();
        Module("Net", "", forward);
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "data.pkl", pickle.Done());
            Add(archive, "code/__torch__.py", Encoding.UTF8.GetBytes(code.ToString()));
            Add(archive, "constants.pkl", PickleWriter.EmptyTuple);
            Add(archive, "version", "3\n"u8.ToArray());
            foreach (var (index, tensor) in tensors.Values.Index())
            {
                Add(archive, $"data/{index}", Memory(tensor));
            }
        }

        return bytes.ToArray();

        // Classes of inner modules come first in the code; attributes come in the same order in code and object.
        void Module(string type, string prefix, string? body)
        {
            var own = tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..].Split('.')).ToList();
            string[] leaves = [.. own.Where(parts => parts.Length == 1).Select(parts => parts[0])];
            string[] inner = [.. own.Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct()];
            pickle.Object("__torch__", type, () =>
            {
                foreach (var leaf in leaves)
                {
                    var (index, (_, tensor)) = tensors.Index().Single(entry => entry.Item.Key == prefix + leaf);
                    pickle.Text(leaf);
                    pickle.Tensor(
                        $"{index}", tensor.IsDouble ? "DoubleStorage" : "FloatStorage", tensor.Sizes, tensor.IsTrained);
                }

                pickle.Text("training");
                pickle.Bool(true);
                foreach (var name in inner)
                {
                    pickle.Text(name);
                    Module(type + "_" + name, $"{prefix}{name}.", null);
                }
            });
            code.Append($"class {type}(Module):\n");
            code.Append($"  __parameters__ = [{Quoted(leaves, isBuffer: false)}]\n");
            code.Append($"  __buffers__ = [{Quoted(leaves, isBuffer: true)}]\n");
            code.Append(string.Concat(leaves.Select(leaf => $"  {leaf} : Tensor\n")));
            code.Append("  training : bool\n");
            code.Append(string.Concat(inner.Select(name => $"  {name} : __torch__.{type}_{name}\n")));
            code.Append(body is null ? "" : $"  def forward(self: __torch__.{type}, {body}\n");

            string Quoted(string[] names, bool isBuffer) => string.Concat(
                names.Where(name => tensors[prefix + name].IsBuffer == isBuffer).Select(name => $"\"{name}\", "));
        }
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        var entry = archive.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        stream.Write(content);
    }

    private static byte[] Memory(ScriptTensor tensor)
    {
        var width = tensor.IsDouble ? sizeof(double) : sizeof(float);
        var bytes = new byte[tensor.Values.Length * width];
        foreach (var (i, value) in tensor.Values.Index())
        {
            var place = bytes.AsSpan(i * width);
            if (tensor.IsDouble)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(place, value);
            }
            else
            {
                BinaryPrimitives.WriteSingleLittleEndian(place, value);
            }
        }

        return bytes;
    }
}
