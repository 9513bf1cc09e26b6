using System.Buffers.Binary;
using System.Text;

namespace Involute.Torch.Native;

/// <summary>A symbol version that a library wants another library to define.</summary>
/// <param name="Library">Name of the other library.</param>
/// <param name="Version">Name of the version.</param>
/// <param name="Index">Number that symbols of this version carry.</param>
/// <param name="FlagsOffset">Where in the file the requirement's flags are.</param>
internal sealed record NeededVersion(string Library, string Version, int Index, int FlagsOffset);

/// <summary>The symbol versions of a 64-bit little-endian ELF library.</summary>
/// <remarks>
/// Linux Standard Base, core specification 5.0, chapter 10.7 "Symbol versioning". No offset of it is trusted: each read
/// is a checked slice.
/// </remarks>
internal sealed class ElfFile
{
    private const uint DynamicSymbols = 11;
    private const uint VersionDefinitions = 0x6ffffffd;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const int HeaderLength = 64;
    private const int SymbolLength = 24;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Dictionary<uint, Section> _sections = [];
    private readonly ILookup<int, string> _symbols;

    private ElfFile(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        var header = Slice(0, HeaderLength);
        if (!header[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("its first bytes are not those of a 64-bit little-endian ELF file");
        }

        ReadSections(header);
        NeededVersions = [.. Needs()];
        DefinedVersions = Definitions().ToHashSet();
        _symbols = Symbols().ToLookup(symbol => symbol.Version, symbol => symbol.Name);
    }

    /// <summary>What it needs of others, unless weakly.</summary>
    public IReadOnlyList<NeededVersion> NeededVersions { get; }

    /// <summary>What it defines.</summary>
    public IReadOnlySet<string> DefinedVersions { get; }

    /// <summary>Reads a library.</summary>
    /// <exception cref="TorchUnavailableException">It is damaged, or not such a library.</exception>
    public static ElfFile Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        try
        {
            return new ElfFile(bytes);
        }
        catch (Exception problem) when (
            problem is InvalidDataException or ArgumentException or OverflowException or KeyNotFoundException)
        {
            throw new TorchUnavailableException(
                $"{path} cannot be read as a shared library: {problem.Message}", problem);
        }
    }

    /// <summary>Names of the symbols that carry a version.</summary>
    public IEnumerable<string> SymbolsOf(NeededVersion version) => _symbols[version.Index];

    private IEnumerable<(int Version, string Name)> Symbols()
    {
        if (!_sections.TryGetValue(SymbolVersions, out var versions))
        {
            yield break;
        }

        var symbols = _sections[DynamicSymbols];
        for (var i = 0; i < symbols.Length / SymbolLength; i++)
        {
            // The highest bit marks hidden symbols; 0 and 1 mean "no version".
            var version = UInt16(versions.Offset + (2 * i)) & 0x7fff;
            if (version > 1)
            {
                yield return (version, Name(symbols, UInt32(symbols.Offset + (SymbolLength * i))));
            }
        }
    }

    private void ReadSections(ReadOnlySpan<byte> header)
    {
        var start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[40..]));
        var length = BinaryPrimitives.ReadUInt16LittleEndian(header[58..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        var all = Enumerable.Range(0, count).Select(i => checked(start + (length * i))).ToArray();
        foreach (var at in all)
        {
            var type = UInt32(at + 4);
            if (type is DynamicSymbols or VersionDefinitions or VersionNeeds or SymbolVersions)
            {
                var names = checked((int)UInt32(at + 40));
                var namesAt = names < all.Length
                    ? all[names]
                    : throw new InvalidDataException("a section has no names");
                var entries = checked((int)UInt32(at + 44));
                _sections[type] = new Section(Int(at + 24), Int(at + 32), entries, Int(namesAt + 24));
            }
        }
    }

    private IEnumerable<NeededVersion> Needs()
    {
        if (!_sections.TryGetValue(VersionNeeds, out var section))
        {
            yield break;
        }

        var entry = section.Offset;
        for (var i = 0; i < section.Count; i++)
        {
            var library = Name(section, UInt32(entry + 4));
            var version = checked(entry + (int)UInt32(entry + 8));
            for (var rest = UInt16(entry + 2); rest > 0; rest--)
            {
                if ((UInt16(version + 4) & SymbolVersioning.Weak) == 0)
                {
                    var name = Name(section, UInt32(version + 8));
                    yield return new NeededVersion(library, name, UInt16(version + 6) & 0x7fff, version + 4);
                }

                version = Next(version, UInt32(version + 12), last: rest == 1);
            }

            entry = Next(entry, UInt32(entry + 12), last: i == section.Count - 1);
        }
    }

    private IEnumerable<string> Definitions()
    {
        if (!_sections.TryGetValue(VersionDefinitions, out var section))
        {
            yield break;
        }

        var entry = section.Offset;
        for (var i = 0; i < section.Count; i++)
        {
            yield return Name(section, UInt32(checked(entry + (int)UInt32(entry + 12))));
            entry = Next(entry, UInt32(entry + 16), last: i == section.Count - 1);
        }
    }

    // Chains only lead forward: one that stands still would be read for ever.
    private static int Next(int entry, uint distance, bool last) =>
        distance > 0 || last
            ? checked(entry + (int)distance)
            : throw new InvalidDataException("a list of versions is cut");

    private string Name(Section section, uint offset)
    {
        var from = _bytes.Span[checked(section.Names + (int)offset)..];
        return Encoding.UTF8.GetString(from[..from.IndexOf((byte)0)]);
    }

    private ReadOnlySpan<byte> Slice(int offset, int length) => _bytes.Span.Slice(offset, length);

    private int UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2));

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4));

    private int Int(int offset) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8)));

    /// <summary>One section.</summary>
    /// <param name="Offset">Of its first byte.</param>
    /// <param name="Length">In bytes.</param>
    /// <param name="Count">Number of entries, where the entries do not tell.</param>
    /// <param name="Names">Offset of the strings that it names things with.</param>
    private sealed record Section(int Offset, int Length, int Count, int Names);
}
