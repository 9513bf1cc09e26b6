namespace Involute.Actors.Wire;

/// <summary>How one type of message is written and read.</summary>
/// <param name="Manifest">Its name on the wire: never reused for another type.</param>
/// <param name="Type">The type.</param>
/// <param name="Write">Writes its fields in order.</param>
/// <param name="Read">Reads them in the same order.</param>
internal sealed record MessageFormat(
    string Manifest, Type Type, Action<WireWriter, object> Write, Func<WireReader, object> Read)
{
    public static MessageFormat Of<T>(string manifest, Action<WireWriter, T> write, Func<WireReader, T> read)
        where T : class, IWireMessage =>
        new(manifest, typeof(T), (writer, message) => write(writer, (T)message), read);
}
