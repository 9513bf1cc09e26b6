using System.Buffers.Binary;

namespace Involute.Torch.Native;

/// <summary>Makes TorchSharp's shim acceptable to a C++ runtime library that is older than its compiler.</summary>
/// <remarks>
/// The shim of TorchSharp 0.107.0 was built with GCC 13 and names the version GLIBCXX_3.4.32 of libstdc++.so.6, which
/// Debian 12, Ubuntu 22.04 and RHEL 9 lack; the dynamic linker refuses it for the name alone. The one symbol of that
/// version is a marker for the linker that no code refers to. A requirement that is marked weak is not refused.
/// </remarks>
internal static class SymbolVersioning
{
    /// <summary>VER_FLG_WEAK: "it is no error if the version is missing".</summary>
    public const int Weak = 2;

    /// <summary>The C++ runtime library.</summary>
    public const string CppLibrary = "libstdc++.so.6";

    // Present in everything that includes <iostream>; the definition in the library is empty.
    private const string Marker = "_ZSt21ios_base_library_initv";

    /// <summary>A copy of the shim in which all that this system misses is weak; null if it misses nothing.</summary>
    /// <param name="shim">The shim's file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="available">Versions that the system's C++ runtime library defines.</param>
    /// <exception cref="TorchUnavailableException">The shim uses a symbol that is really missing.</exception>
    public static byte[]? Relaxed(byte[] shim, string path, IReadOnlySet<string> available)
    {
        var elf = ElfFile.Parse(shim, path);
        var missing = elf.NeededVersions
            .Where(need => need.Library == CppLibrary && !available.Contains(need.Version))
            .ToArray();
        if (missing.Length == 0)
        {
            return null;
        }

        var copy = (byte[])shim.Clone();
        foreach (var need in missing)
        {
            if (elf.SymbolsOf(need).FirstOrDefault(symbol => symbol != Marker) is { } used)
            {
                throw new TorchUnavailableException(
                    $"this system's {CppLibrary} is too old for TorchSharp: it has no {used} of {need.Version}; " +
                    "install the C++ runtime library of a newer GCC");
            }

            var flags = copy.AsSpan(need.FlagsOffset, sizeof(ushort));
            BinaryPrimitives.WriteUInt16LittleEndian(
                flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
        }

        return copy;
    }
}
