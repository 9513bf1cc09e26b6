using Akka.Actor;
using Akka.Serialization;
using Involute.Runs.Ledger;

namespace Involute.Actors.Ledger;

/// <summary>Akka's view of the ledger's own binary format; bound in <see cref="PersistenceHocon"/>.</summary>
internal sealed class LedgerEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands in every journal row: never change it.</summary>
    public const int Id = LedgerEventFormat.SerializerId;

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) => LedgerEventFormat.ManifestOf(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => LedgerEventFormat.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => LedgerEventFormat.Read(bytes, manifest);
}
