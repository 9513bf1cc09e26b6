namespace Involute.Actors.Protocol;

/// <summary>How one type of message is written and read.</summary>
/// <param name="Manifest">Its name on the wire: never reused for another type.</param>
/// <param name="Type">The type.</param>
/// <param name="Write">Writes its fields in order.</param>
/// <param name="Read">Reads them in the same order.</param>
/// <param name="IsLarge">
/// Whether it has vectors, states, lists of blocks or settings: then it is as large as a run makes it, and the frame, or the
/// bound on unfinished messages, limits it.
/// </param>
internal sealed record MessageFormat(
    string Manifest, Type Type, Action<WireWriter, object> Write, Func<WireReader, object> Read, bool IsLarge = false)
{
    public static MessageFormat OfLarge<T>(string manifest, Action<WireWriter, T> write, Func<WireReader, T> read)
        where T : class, IWireMessage =>
        Of(manifest, write, read) with { IsLarge = true };

    public static MessageFormat Of<T>(string manifest, Action<WireWriter, T> write, Func<WireReader, T> read)
        where T : class, IWireMessage =>
        new(manifest, typeof(T), (writer, message) => write(writer, (T)message), read);
}
