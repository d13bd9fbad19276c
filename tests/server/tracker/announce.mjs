// Alice and Bob by bittorrent-tracker's client: prints what the tracker tells Bob, as JSON lines.
// node announce.js ANNOUNCE INFO-HASH

import Client from 'bittorrent-tracker'

const [announce, infoHash] = process.argv.slice(2)

function say (told) {
  console.log(JSON.stringify(told))
}

function fail (error) {
  say({ error: error.message })
  process.exit(1)
}

function start (name, port, left) {
  const peerId = Buffer.from(`-PL0001-${name.padStart(12, '-')}`)
  const client = new Client({ announce, infoHash, peerId, port })
  client.on('error', fail)
  client.on('warning', fail)
  client.start({ left, uploaded: 0, downloaded: 0 })
  return client
}

const alice = start('alice', 1001, 0)
alice.once('update', () => {
  const bob = start('bob', 1002, 1)
  bob.once('peer', peer => {
    say({ peer })
    bob.once('scrape', ({ complete, incomplete }) => {
      say({ complete, incomplete })
      for (const client of [alice, bob]) {
        client.stop()
        client.destroy()
      }
    })
    bob.scrape()
  })
})
