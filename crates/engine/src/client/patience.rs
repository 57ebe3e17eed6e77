//! Patience: the same call again and again while the server is away, so that runs outlive its restarts.

use std::thread;
use std::time::{Duration, Instant};

use super::ClientError;

/// The first pause between two tries; each further pause doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause: a server that is back is noticed within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often a pause looks whether it should end early.
const GLANCE: Duration = Duration::from_millis(50);

/// Repeats `call` until it succeeds, fails for good ([`ClientError::is_passing`]) or the deadline passes. `interrupted`
/// is asked between tries and several times a second while waiting; when it says true, the last error is returned at
/// once.
///
/// A call may so arrive twice, when the connection broke before the answer came. The contract expects that (1.4):
/// repeating a state, a heartbeat or a look-up does no harm, and whoever creates a flow run gives an idempotency key.
///
/// # Errors
/// The last error of `call`.
pub fn patiently<T>(
    deadline: Instant,
    interrupted: &dyn Fn() -> bool,
    mut call: impl FnMut() -> Result<T, ClientError>,
) -> Result<T, ClientError> {
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match call() {
            Err(error) if error.is_passing() => error,
            settled => return settled,
        };
        let wake = (Instant::now() + pause).min(deadline);
        while !interrupted() && Instant::now() < wake {
            thread::sleep(GLANCE.min(wake.saturating_duration_since(Instant::now())));
        }
        if interrupted() || Instant::now() >= deadline {
            return Err(error);
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn away() -> ClientError {
        ClientError::Unreachable {
            url: "http://nowhere".into(),
            reason: "refused".into(),
        }
    }

    #[test]
    fn a_server_that_comes_back_is_noticed() {
        let mut tries = 0;
        let answer = patiently(Instant::now() + Duration::from_secs(10), &|| false, || {
            tries += 1;
            if tries < 3 { Err(away()) } else { Ok(tries) }
        });
        assert_eq!(answer, Ok(3));
    }

    #[test]
    fn a_refusal_is_not_repeated() {
        let mut tries = 0;
        let answer: Result<(), _> = patiently(Instant::now() + Duration::from_secs(10), &|| false, || {
            tries += 1;
            Err(ClientError::Api(vec!["no".into()]))
        });
        assert_eq!((answer, tries), (Err(ClientError::Api(vec!["no".into()])), 1));
    }

    #[test]
    fn the_deadline_and_an_interruption_end_the_waiting() {
        assert_eq!(
            patiently::<()>(Instant::now(), &|| false, || Err(away())),
            Err(away())
        );
        let far = Instant::now() + Duration::from_secs(3600);
        assert_eq!(patiently::<()>(far, &|| true, || Err(away())), Err(away()));
    }
}
