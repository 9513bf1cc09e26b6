namespace Involute.Torch.Native;

/// <summary>What the process holds of the C library's memory; tensors on the processor are there.</summary>
internal static class AllocatedMemory
{
    /// <summary>Bytes in use; null where the C library does not tell (glibc 2.33 and later do).</summary>
    public static long? Bytes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var told = Libc.MemoryInfo();
            return checked((long)(told.InUse + told.Mapped));
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>glibc's <c>mallinfo2</c>, with the fields that are read here by name.</summary>
internal readonly record struct MallocInfo(
    nuint Arena, nuint FreeBlocks, nuint FastBlocks, nuint MappedBlocks, nuint Mapped, nuint Unused, nuint FastFree,
    nuint InUse, nuint Free, nuint Top);
